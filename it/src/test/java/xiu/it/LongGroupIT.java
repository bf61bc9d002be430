package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.container.flv.amf.AmfReader;
import xiu.container.flv.amf.AmfValue;

/**
 * Players that come late to streams which real encoders make and whose key frames are rare, and to such that promise a
 * track which never comes. What is old by then has been published as fast as the server takes it.
 */
@Tag("long")
class LongGroupIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int AVC_IDR = 5;
    private static final int AVC_TYPE = 0x1F;

    private static XiuProcess server;

    @BeforeAll
    static void start() {
        server = XiuProcess.start("[hls]\nfragment = 1\n");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Pictures and sound that a program decoded. */
    private record Decoded(int pictures, int sounds) {}

    /** One key frame in a minute; what ffmpeg calls key frames, encoders in the field call inter frames. */
    @Test
    void intraRefreshIsSeenByThoseWhoComeAfterAMinute() throws Exception {
        List<RawRtmp.Frame> tags = FlvFrames.of(TestClips.intraRefresh(70)).stream()
                .map(LongGroupIT::marked)
                .toList();
        assertThat(tags.stream().filter(FlvFrames::isKeyPicture)).hasSize(1);
        List<Decoded> late = watchedLate("refresh", tags, 60_000, 70_000);
        // Ten seconds are 250 pictures and 430 frames of AAC. What is behind the recovery point comes on top, and with
        // HLS
        // the segments before; a minute more would be 1,500 pictures.
        assertThat(late).allSatisfy(decoded -> {
            assertThat(decoded.pictures).isBetween(220, 600);
            assertThat(decoded.sounds).isGreaterThan(400);
        });
    }

    /** Its only key frame is a minute and a half old. */
    @Test
    void aStillPictureIsSeenByThoseWhoComeLate() throws Exception {
        List<Decoded> late = watchedLate("still", FlvFrames.of(TestClips.stillPicture(100)), 90_000, 100_000);
        assertThat(late).allSatisfy(decoded -> {
            assertThat(decoded.pictures).isBetween(8, 100);
            assertThat(decoded.sounds).isGreaterThan(400);
        });
    }

    /** By HTTP-FLV, by RTMP and by HLS, from {@code from} on to the end, ms. */
    private static List<Decoded> watchedLate(String name, List<RawRtmp.Frame> tags, int from, int to) throws Exception {
        List<Decoded> decoded = new ArrayList<>();
        try (TagPublisher publisher = new TagPublisher(server, name, tags);
                ExecutorService players = Executors.newFixedThreadPool(3)) {
            publish(publisher, name, from);
            String path = "live/" + name;
            List<Future<Decoded>> late = new ArrayList<>();
            for (String url : List.of(server.httpFlv(path), server.rtmp(path), server.hls(path))) {
                late.add(players.submit(() -> decode(url)));
            }
            server.awaitLog("event=play .*peer=http-flv.* stream=" + path, SOON);
            server.awaitLog("event=play .*peer=rtmp.* stream=" + path, SOON);
            publisher.playUntil(to);
            publisher.goodbye();
            for (Future<Decoded> one : late) {
                decoded.add(one.get());
            }
        }
        return decoded;
    }

    /** Publishes what is before this time, ms, and waits until the server has it. */
    private static void publish(TagPublisher publisher, String name, int until) {
        try (Watcher first = Watcher.webSocket(server.port("httpflv"), name)) {
            publisher.sendUntil(until);
            await().atMost(SOON).until(() -> first.newest() >= until - 3_000);
        }
    }

    private static Decoded decode(String url) {
        String counted = MediaTools.ffprobe(
                SOON, "-count_frames", "-show_entries", "stream=codec_type,nb_read_frames", "-of", "csv=p=0", url);
        int pictures = 0;
        int sounds = 0;
        for (String line : counted.lines().toList()) {
            if (line.startsWith("video,")) {
                pictures = Integer.parseInt(line.substring(6));
            } else if (line.startsWith("audio,")) {
                sounds = Integer.parseInt(line.substring(6));
            }
        }
        return new Decoded(pictures, sounds);
    }

    /** Browsers wait for sound that the flags or the metadata of the header promise: no picture, for ever. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoComesLateIsNotKeptWaitingForATrackThatNeverCame(boolean withHeader) {
        String name = withHeader ? "header" : "promise";
        List<RawRtmp.Frame> tags = FlvFrames.ofClip(TestClips.avcAac()).stream()
                .filter(tag -> tag.type() != RawRtmp.AUDIO || withHeader && FlvFrames.isConfiguration(tag))
                .toList();
        assertThat(metadata(tags).number("audiocodecid")).hasValue(10);
        List<RawRtmp.Frame> repeated = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
            int shift = round * 5_000;
            tags.stream()
                    .filter(tag -> shift == 0 || FlvFrames.isPicture(tag))
                    .map(tag -> new RawRtmp.Frame(tag.type(), tag.timestamp() + shift, tag.body()))
                    .forEach(repeated::add);
        }
        try (TagPublisher publisher = new TagPublisher(server, name, repeated)) {
            publish(publisher, name, 12_000);
            try (BrowserPages pages =
                    BrowserPages.open(server.httpFlv("live/" + name), server.webSocketFlv("live/" + name))) {
                server.awaitLog("event=play .*peer=http-flv.* stream=live/" + name, SOON);
                publisher.playUntil(30_000);
                for (int page = 0; page < 2; page++) {
                    pages.await(page, "shows pictures", SOON, state -> state.frames() > 50 && state.millis() > 2_000);
                }
            }
        }
    }

    private static AmfValue.Fields metadata(List<RawRtmp.Frame> tags) {
        byte[] body = tags.getFirst().body();
        AmfReader reader = new AmfReader(Unpooled.wrappedBuffer(body));
        reader.readText();
        return (AmfValue.Fields) reader.read();
    }

    /** A picture that is no IDR picture, as an inter frame. */
    private static RawRtmp.Frame marked(RawRtmp.Frame tag) {
        if (!FlvFrames.isKeyPicture(tag) || isIdr(tag.body())) {
            return tag;
        }
        byte[] body = tag.body().clone();
        body[0] = (byte) (2 << 4 | body[0] & 0xF);
        return new RawRtmp.Frame(tag.type(), tag.timestamp(), body);
    }

    private static boolean isIdr(byte[] body) {
        ByteBuffer units = ByteBuffer.wrap(body, 5, body.length - 5);
        while (units.hasRemaining()) {
            int length = units.getInt();
            if ((units.get(units.position()) & AVC_TYPE) == AVC_IDR) {
                return true;
            }
            units.position(units.position() + length);
        }
        return false;
    }
}
