package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import xiu.bytes.MalformedDataException;
import xiu.container.flv.amf.AmfLimits;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.wire.RtmpMessage.Aggregate;
import xiu.protocol.rtmp.wire.RtmpMessage.Command;
import xiu.protocol.rtmp.wire.RtmpMessage.Data;
import xiu.protocol.rtmp.wire.RtmpMessage.Ignored;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;

class RtmpMessagesTest {
    private static ByteBuf body(String hex) {
        byte[] bytes = ByteBufUtil.decodeHexDump(hex.replace(" ", ""));
        return PooledByteBufAllocator.DEFAULT.buffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    private static RtmpMessage decode(int type, String hex) {
        return RtmpMessageDecoder.decode(type, 40, 1, body(hex), AmfLimits.defaults());
    }

    /** A picture that waits must not hold all that came with it. */
    @ParameterizedTest
    @CsvSource({"8", "9", "18", "22"})
    void whatIsKeptHoldsOnlyItself(int type) {
        ByteBuf socket = body("02 000548656c6c6f 00000000");
        Media came = (Media) RtmpMessageDecoder.decode(type, 40, 7, socket.retainedSlice(0, 8), AmfLimits.defaults());
        Media kept = came.kept();
        assertThat(kept).isInstanceOf(came.getClass());
        assertThat(kept.timestamp()).isEqualTo(40);
        assertThat(kept.messageStreamId()).isEqualTo(7);
        assertThat(kept.body()).isEqualTo(socket.slice(0, 8));
        assertThat(socket.refCnt()).isEqualTo(1);
        socket.release();
        kept.body().release();
    }

    static Stream<RtmpMessage> messages() {
        return Stream.of(
                new RtmpMessage.SetChunkSize(60_000),
                new RtmpMessage.Abort(5),
                new RtmpMessage.Acknowledgement(-1),
                new RtmpMessage.WindowSize(2_500_000),
                new RtmpMessage.PeerBandwidth(2_500_000, 2),
                new UserControl(UserControl.PING_REQUEST, 4711),
                new Command(0, List.of(AmfValue.of("x"), AmfValue.of(1), AmfValue.Nothing.NULL)),
                new Command(1, List.of(AmfValue.of("a".repeat(70_000)))));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsEncodedIsDecoded(RtmpMessage message) {
        ByteBuf out = Unpooled.buffer();
        RtmpMessageEncoder.encode(message, 128, out);
        List<RtmpMessage> decoded = new ArrayList<>();
        ChunkDecoder decoder = new ChunkDecoder(
                new ChunkLimits(1 << 20, 1 << 20, 1 << 20, 8),
                PooledByteBufAllocator.DEFAULT,
                (type, time, id, body) ->
                        decoded.add(RtmpMessageDecoder.decode(type, time, id, body, AmfLimits.defaults())));
        decoder.decode(out);
        assertThat(decoded).containsExactly(message);
    }

    @Test
    void amf3CommandsAndDataBeginWithAZero() {
        assertThat(decode(17, "00 020001 78 003ff0000000000000"))
                .isEqualTo(new Command(1, List.of(AmfValue.of("x"), AmfValue.of(1))));
        assertThat(decode(17, "020001 78")).isEqualTo(new Command(1, List.of(AmfValue.of("x"))));
        Data data = (Data) decode(15, "00 020001 78");
        assertThat(ByteBufUtil.hexDump(data.body())).isEqualTo("02000178");
        data.body().release();
    }

    @ParameterizedTest
    @CsvSource({"16, 00", "19, 0001", "7, ''", "99, ffff"})
    void whatNobodyNeedsIsIgnored(int type, String hex) {
        assertThat(decode(type, hex)).isEqualTo(new Ignored(type));
    }

    @ParameterizedTest
    @CsvSource({"1, 0000", "2, ''", "3, 000000", "4, 00", "4, 0006 00", "5, 00", "6, 000000", "20, 05ff", "20, 0200ff41"
    })
    void controlsAndCommandsThatAreCutOffAreMalformed(int type, String hex) {
        assertThatThrownBy(() -> decode(type, hex)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void eventsOutsideTheSpecificationMayHaveNoValue() {
        assertThat(decode(4, "001f")).isEqualTo(new UserControl(31, 0));
    }

    @Test
    void aggregatesHaveTheTimesOfTheirTagsRelativeToTheFirst() {
        List<String> parts = split("08000001 000064 01000000 aa 0000000c"
                + "09000002 000078 01000000 bbcc 0000000d"
                + "12000001 00006e 01000000 05 0000000c"
                + "63000001 00006e 01000000 05 0000000c"
                + "08000000 000082 01000000");
        assertThat(parts).containsExactly("Audio@40 aa", "Video@60 bbcc", "Data@50 05", "Audio@70 ");
    }

    @Test
    void anAggregateThatIsCutOffGivesItsWholeTagsAndFails() {
        assertThatThrownBy(() -> split("08000001 000064 00000000 aa 0000000c 08000009 000064 00000000 aa"))
                .hasMessage("aggregate tag: 1 bytes (expected: 9)");
    }

    private static List<String> split(String hex) {
        List<String> parts = new ArrayList<>();
        ByteBuf body = body(hex);
        try {
            AggregateSplitter.split(new Aggregate(1, 40, body), part -> parts.add(text(part)));
        } finally {
            assertThat(body.refCnt()).isZero();
        }
        return parts;
    }

    private static String text(Media part) {
        String text = part.getClass().getSimpleName() + "@" + part.timestamp() + " " + ByteBufUtil.hexDump(part.body());
        part.body().release();
        return text;
    }
}
