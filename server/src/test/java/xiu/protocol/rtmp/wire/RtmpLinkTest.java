package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What two ends settle between themselves, as bytes. */
class RtmpLinkTest implements RtmpLink.Owner {
    private final List<String> media = new ArrayList<>();
    private @Nullable RtmpLink link;
    private final EmbeddedChannel channel = new EmbeddedChannel(new RtmpLink(Received.LIMITS, this));
    private boolean leaves;

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Override
    public void onOpen(RtmpLink opened) {
        link = opened;
    }

    @Override
    public void onMessage(RtmpMessage message) {
        if (message instanceof RtmpMessage.Media part) {
            media.add(part.timestamp() + " " + ByteBufUtil.hexDump(part.body()));
            part.body().release();
            if (leaves) {
                Objects.requireNonNull(link).closeAfterFlush();
            }
        }
    }

    @Override
    public void onClosed() {
        // Nothing to do.
    }

    @Override
    public void onFault(Throwable fault) {
        throw new AssertionError(fault);
    }

    private void feed(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", ""))));
    }

    /** The bytes that went out since the last call. */
    private String sent() {
        StringBuilder hex = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            hex.append(ByteBufUtil.hexDump(part));
            part.release();
        }
        return hex.toString();
    }

    static List<RtmpMessage> controls() {
        return List.of(
                new RtmpMessage.Abort(4),
                new RtmpMessage.Acknowledgement(7),
                new RtmpMessage.WindowSize(5_000),
                new RtmpMessage.PeerBandwidth(5_000, 2),
                new RtmpMessage.UserControl(RtmpMessage.UserControl.STREAM_BEGIN, 1),
                new RtmpMessage.SetChunkSize(60_000));
    }

    @ParameterizedTest
    @MethodSource("controls")
    void controlsGoOutOnChunkStreamTwoAndMessageStreamZero(RtmpMessage control) {
        Objects.requireNonNull(link).write(control);
        Objects.requireNonNull(link).flush();
        String sent = sent();
        assertThat(sent).startsWith("02000000");
        assertThat(sent.substring(16, 24)).as("message stream").isEqualTo("00000000");
    }

    @Test
    void aPingIsAnsweredWithItsOwnTime() {
        feed("02 000000 000006 04 00000000 0006 00001267");
        assertThat(sent()).isEqualTo("02000000 000006 04 00000000 0007 00001267".replace(" ", ""));
    }

    @Test
    void acknowledgesWhatCameAndNeverWithoutAWindow() {
        feed("04 000000 000001 08 01000000 aa");
        assertThat(sent()).isEmpty();
        // 3073 bytes of the handshake, 13 of audio, 16 of this.
        feed("02 000000 000004 05 00000000 00000100");
        assertThat(sent()).isEqualTo("02000000 000004 03 00000000 00000c1e".replace(" ", ""));
        feed("04 000000 000001 08 01000000 aa");
        assertThat(sent()).isEmpty();
        // Half a window later, in all: the counter goes on.
        feed("04 000000 00007f 08 01000000" + "aa".repeat(127));
        assertThat(sent()).isEqualTo("02000000 000004 03 00000000 00000cb6".replace(" ", ""));
    }

    @Test
    void aBandwidthIsAnsweredWithTheWindowOnce() {
        feed("02 000000 000005 06 00000000 00001388 02");
        assertThat(sent()).isEqualTo("02000000 000004 05 00000000 00001388".replace(" ", ""));
        feed("02 000000 000005 06 00000000 00001388 02");
        assertThat(sent()).isEmpty();
        feed("02 000000 000005 06 00000000 00001389 02");
        assertThat(sent()).isEqualTo("02000000 000004 05 00000000 00001389".replace(" ", ""));
    }

    @Test
    void ownChunkSizeHoldsBehindTheMessageThatTellsIt() {
        RtmpLink open = Objects.requireNonNull(link);
        RtmpMessage.Video video = new RtmpMessage.Video(1, 0, Unpooled.wrappedBuffer(new byte[200]));
        open.write(video);
        open.write(new RtmpMessage.SetChunkSize(256));
        open.write(video);
        open.flush();
        video.body().release();
        String head = "0000c8 09 01000000".replace(" ", "");
        assertThat(sent())
                .matches(".{8}" + head + "00".repeat(128) + "c." + "00".repeat(72)
                        + "02000000 000004 01 00000000 00000100".replace(" ", "")
                        + ".{8}" + head + "00".repeat(200));
    }

    /** One message may decide the end while the next one is there already. */
    @Test
    void whatComesBehindTheLastWordIsThrownAway() {
        leaves = true;
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext context) {
                // The peer takes nothing, so the connection stays open for a while.
            }
        });
        feed("04 000000 000001 08 01000000 aa" + "04 000000 000001 08 01000000 bb");
        feed("04 000000 000001 08 01000000 cc");
        assertThat(channel.isOpen()).isTrue();
        assertThat(media).containsExactly("0 aa");
    }

    @Test
    void anAbortedMessageIsNeverSeen() {
        feed("04 000000 000100 08 01000000" + "a0".repeat(128));
        feed("02 000000 000004 02 00000000 00000004");
        feed("04 000007 000002 08 01000000 b0b1");
        assertThat(media).containsExactly("7 b0b1");
    }

    @Test
    void abortingWhatIsNotThereIsNoFault() {
        feed("04 000000 000100 08 01000000" + "a0".repeat(128));
        feed("02 000000 000004 02 00000000 00000005");
        feed("02 000000 000004 02 00000000 7fffffff");
        feed("c4" + "a1".repeat(128));
        assertThat(media).containsExactly("0 " + "a0".repeat(128) + "a1".repeat(128));
    }

    @Test
    void thePeersChunkSizeHoldsFromItsNextChunkOn() {
        feed("02 000000 000004 01 00000000 00000100");
        feed("04 000000 000100 08 01000000" + "a0".repeat(256));
        assertThat(media).containsExactly("0 " + "a0".repeat(256));
    }
}
