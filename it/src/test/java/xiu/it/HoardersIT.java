package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Peers that begin messages and do not finish them, at a server that has memory for a few. */
class HoardersIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int MIB = 1 << 20;
    private static final byte[] HEADER = {
        0x17,
        0,
        0,
        0,
        0,
        1,
        0x64,
        0,
        0x0a,
        (byte) 0xff,
        (byte) 0xe1,
        0,
        5,
        0x67,
        0x64,
        0,
        0x0a,
        (byte) 0xac,
        1,
        0,
        4,
        0x68,
        (byte) 0xef,
        1,
        0x67
    };

    private static XiuProcess server;

    @BeforeAll
    static void start() {
        server = XiuProcess.start("""
                [limits]
                rtmp_unfinished_bytes = "16MiB"
                rtmp_message_timeout = 5
                [log]
                level = "debug"
                """, "-Xmx128m", "-XX:MaxDirectMemorySize=128m", DirectMemory.ASKABLE);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static long count(String text) {
        return server.log().lines().filter(line -> line.contains(text)).count();
    }

    /** The header of a video message of so many bytes. */
    private static void begin(RawRtmp peer, int timestamp, int length) {
        peer.send("06 %06x %06x 09 01000000".formatted(timestamp, length));
    }

    private static void oneChunk(RawRtmp peer) {
        peer.message(1, 0, 0, Unpooled.buffer().writeInt(0xFFFFFF));
    }

    /** All but the end of a video message of 8 MiB. */
    private static RawRtmp hoarder(int number) {
        RawRtmp hoarder = number % 2 == 0
                ? RawRtmp.shaken(server)
                : RawRtmp.publishing(server, "hoard-" + number).await("NetStream.Publish.Start");
        hoard(hoarder);
        return hoarder;
    }

    private static void hoard(RawRtmp hoarder) {
        oneChunk(hoarder);
        begin(hoarder, 0, 8 * MIB);
        for (int sent = 0; sent < 5; sent++) {
            hoarder.send(new byte[MIB]);
        }
    }

    private static byte[] keyFrame() {
        byte[] frame = new byte[2 * MIB];
        ThreadLocalRandom.current().nextBytes(frame);
        frame[0] = 0x17;
        frame[1] = 1;
        frame[2] = 0;
        frame[3] = 0;
        frame[4] = 0;
        return frame;
    }

    @Test
    void anHonestPublisherGoesOnWhileOthersHoldAllThereIs() {
        ServerFigures quiet = ServerFigures.of(server);
        List<RawRtmp> hoarders = new ArrayList<>();
        List<byte[]> sent = new ArrayList<>();
        try (RawRtmp honest = RawRtmp.publishing(server, "honest").await("NetStream.Publish.Start")) {
            oneChunk(honest);
            honest.media(RawRtmp.VIDEO, 0, HEADER);
            try (RawRtmp player = RawRtmp.playing(server, "honest").await("NetStream.Play.Start")) {
                for (int i = 0; i < 24; i++) {
                    byte[] frame = keyFrame();
                    sent.add(frame);
                    begin(honest, 100 * (i + 1), frame.length);
                    honest.send(Arrays.copyOf(frame, MIB + 1));
                    // While it is at it, somebody takes a third of what there is.
                    hoarders.add(hoarder(i));
                    honest.send(Arrays.copyOfRange(frame, MIB + 1, frame.length));
                    player.until("frame " + i, () -> player.frames.size() == sent.size() + 1);
                }
                for (int i = 0; i < sent.size(); i++) {
                    assertThat(player.frames.get(i + 1).body()).isEqualTo(sent.get(i));
                }
                assertThat(honest.isEnded()).isFalse();
            }
            assertThat(ServerFigures.of(server).directKiB()).isLessThan(quiet.directKiB() + 80_000);
        }
        server.awaitLog("WARN .*event=limit_rtmp_unfinished_bytes .*times=1", SOON);
        hoarders.forEach(RawRtmp::close);
        assertThat(count("event=limit_rtmp_unfinished_bytes")).isGreaterThan(15);
        assertThat(server.log().lines().filter(line -> line.matches(".* WARN .*limit_rtmp_unfinished_bytes.*")))
                .hasSizeLessThan(6);
    }

    /** What a far side holds is in the same sum as what visitors do. */
    @Test
    void aTargetThatHoardsIsLeftForTheSakeOfOthers() {
        try (DeafTarget target = DeafTarget.thatHoards(7 * MIB);
                XiuProcess node = XiuProcess.start("""
                        [rtmp]
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %d
                        [limits]
                        rtmp_unfinished_bytes = "16MiB"
                        rtmp_message_timeout = 600
                        """.formatted(target.port()));
                RawRtmp publisher = RawRtmp.publishing(node, "pushed").await("NetStream.Publish.Start")) {
            publisher.media(RawRtmp.VIDEO, 0, HEADER);
            target.awaitAllSaid();
            List<RawRtmp> hoarders = List.of(RawRtmp.shaken(node), RawRtmp.shaken(node));
            hoarders.forEach(HoardersIT::hoard);
            node.awaitLog("WARN .*event=limit_rtmp_unfinished_bytes peer=127.0.0.1:" + target.port() + " ", SOON);
            assertThat(publisher.isEnded()).isFalse();
            hoarders.forEach(RawRtmp::close);
        }
    }

    @Test
    void aMessageThatNeverBecomesWholeEndsItsConnection() {
        try (RawRtmp publisher = RawRtmp.publishing(server, "slow").await("NetStream.Publish.Start")) {
            oneChunk(publisher);
            begin(publisher, 0, 4 * MIB);
            long began = System.nanoTime();
            while (!publisher.isEnded() && System.nanoTime() - began < SOON.toNanos()) {
                // It sends, and it is heard.
                publisher.send(new byte[] {1});
                publisher.read(100);
            }
            assertThat(publisher.isEnded()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(4));
        }
        server.awaitLog("WARN .*event=limit_rtmp_message_timeout .*times=1", SOON);
        server.awaitLog("event=session_end .*published=live/slow reason=TIMED_OUT", SOON);
    }
}
