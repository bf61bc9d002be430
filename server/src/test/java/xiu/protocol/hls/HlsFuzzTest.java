package xiu.protocol.hls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.check.MediaFeed;
import xiu.check.Quiet;
import xiu.check.TsCheck;
import xiu.http.HttpPipeline;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.StreamHub;
import xiu.stream.settings.StreamSettings;

/** Any samples make a legal transport stream; any name and query of a playlist or segment is answered. */
@Tag("fuzz")
class HlsFuzzTest {
    private static final Quiet QUIET = Quiet.at("xiu");
    private static final List<Track> TRACKS =
            List.of(MediaFeed.AVC, MediaFeed.OTHER_AVC, MediaFeed.HEVC, MediaFeed.AAC, MediaFeed.AAC_48, MediaFeed.MP3);
    private static final AccessPolicy POLICY =
            request -> CompletableFuture.completedFuture(AccessPolicy.Access.GRANTED);
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final StreamHub HUB = new StreamHub(StreamSettings.defaults(), POLICY, TIMER);

    @AfterAll
    static void stop() {
        TIMER.shutdownNow();
    }

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "samples", this::samples);
        Damage.inflict(getClass(), "names", this::names);
    }

    /** A packet is its kind (one byte), the time since the last one and what composition adds (one each), and a length. */
    @FuzzTest(maxDuration = "60s")
    void samples(byte[] bytes) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
        TsCheck check = TsCheck.withClockOfItsOwn();
        HlsSegmenter segmenter =
                new HlsSegmenter("live/test", HlsSettings.defaults(), allocator, () -> 1_000_000, cut -> {
                    ByteBuf whole = cut.draft().cut();
                    check.segment(ByteBufUtil.getBytes(whole), true);
                    whole.release();
                });
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        long time = 0;
        while (in.readableBytes() > 3) {
            int kind = in.readUnsignedByte();
            time += 10_000L * in.readUnsignedByte();
            int composition = 10_000 * in.readByte();
            ByteBuf body = in.readBytes(Math.min(in.readUnsignedByte(), in.readableBytes()));
            Track track = TRACKS.get(kind % TRACKS.size());
            boolean video = track.kind() == TrackKind.VIDEO;
            MediaPacket.Time at = new MediaPacket.Time(time, video ? time + composition : time);
            MediaPacket packet = new MediaPacket(track, at, video && kind >= 0x80, body, 0);
            segmenter.packet(packet);
            packet.release();
        }
        segmenter.end();
        segmenter.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    /** The target of a request. */
    @FuzzTest(maxDuration = "60s")
    void names(byte[] bytes) {
        HlsRoutes routes = new HlsRoutes(
                Live.of(HlsSettings.defaults()), HUB, new HlsAccess(HUB, POLICY), key -> null, stream -> null);
        EmbeddedChannel channel = new EmbeddedChannel();
        new HttpPipeline(HttpSettings.defaults(), new HttpRouter(routes.routes()), first -> {}).install(channel);
        String target = new String(bytes, ISO_8859_1).replaceAll("[\\s\\p{Cntrl}]", "");
        String request = "GET /live" + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
        channel.writeInbound(Unpooled.copiedBuffer(request, ISO_8859_1));
        channel.runPendingTasks();
        ByteBuf reply = channel.readOutbound();
        assertThat(reply.toString(ISO_8859_1)).matches("(?s)HTTP/1.1 (400|404|414|403|405) .*");
        reply.release();
        channel.finishAndReleaseAll();
        QUIET.check();
    }
}
