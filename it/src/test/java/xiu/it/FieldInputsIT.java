package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What encoders in the field send, made with ffmpeg, published in real time and read back from the segments of HLS by
 * ffmpeg: every picture and every sound is there, decodes, has its size and its distance to the other track.
 */
@Tag("long")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FieldInputsIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration MAKING = Duration.ofSeconds(60);
    private static final String PLAIN = "-x264-params log-level=error:scenecut=0:bframes=0:";

    private static XiuProcess server;
    private static Path folder;

    @BeforeAll
    static void start() {
        folder = Workspace.temporary("field");
        server = XiuProcess.start(
                "[hls]\nfragment = 2\npath = \"%s\"\nneed_record = true\n".formatted(folder.toAbsolutePath()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** An FLV of these inputs and options, each a text of words. */
    private static List<RawRtmp.Frame> made(String... options) {
        Path flv = Workspace.temporary("field-source").resolve("source.flv");
        List<String> arguments = new ArrayList<>();
        for (String words : options) {
            arguments.addAll(Arrays.asList(words.split(" ")));
        }
        arguments.add(flv.toString());
        MediaTools.ffmpeg(MAKING, arguments.toArray(String[]::new));
        return FlvFrames.of(flv);
    }

    private static String picture(int seconds) {
        return "-f lavfi -i testsrc2=size=320x180:rate=25:duration=" + seconds;
    }

    private static String tone(int seconds) {
        return "-f lavfi -i sine=frequency=440:sample_rate=44100:duration=" + seconds;
    }

    /** Publishes in real time; returns the recording's playlist, which has every segment. */
    private static Path recorded(String name, List<RawRtmp.Frame> frames) {
        OldHevc.publish(server, name, frames);
        Path playlist = folder.resolve("live").resolve(name).resolve("vod_" + name + ".m3u8");
        await().atMost(SOON)
                .until(() ->
                        Files.exists(playlist) && Files.readString(playlist).endsWith("#EXT-X-ENDLIST\n"));
        return playlist;
    }

    private static long pictures(List<RawRtmp.Frame> frames) {
        return frames.stream().filter(FlvFrames::isPicture).count();
    }

    private static long sounds(List<RawRtmp.Frame> frames) {
        return frames.stream()
                .filter(frame -> frame.type() == RawRtmp.AUDIO && FlvFrames.isMedia(frame))
                .count();
    }

    /** The decoded frames of a kind (v or a) with these fields; fails where something does not decode. */
    private static List<String> decoded(Path media, String kind, String fields) {
        MediaTools.ffmpeg(MAKING, MediaTools.decoding(media));
        return frames(media, "error", kind, fields);
    }

    private static List<String> frames(Path media, String level, String kind, String fields) {
        return MediaTools.ffprobe(
                        MAKING,
                        "-v",
                        level,
                        "-select_streams",
                        kind + ":0",
                        "-show_entries",
                        "frame=" + fields,
                        "-of",
                        "csv=p=0",
                        media.toString())
                .lines()
                .map(line -> line.replaceFirst(",+$", ""))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static double first(Path media, String kind) {
        return Double.parseDouble(decoded(media, kind, "pts_time").getFirst());
    }

    private static void assertPlays(Path playlist, List<RawRtmp.Frame> frames) {
        assertThat(decoded(playlist, "v", "width")).as("pictures").hasSize((int) pictures(frames));
        assertThat(PacketDump.of(playlist).audio().packets())
                .as("sounds")
                .hasSizeBetween(allBut(1, frames), allBut(0, frames));
    }

    /** Sound that comes before the first picture is left out. */
    private static int allBut(int few, List<RawRtmp.Frame> frames) {
        return (int) sounds(frames) - few;
    }

    /** The widths of the pictures that a player shows which has nothing but this segment. */
    private static List<String> shown(Path segment) {
        return frames(segment, "fatal", "v", "width");
    }

    private static List<Path> segments(Path playlist) throws IOException {
        try (Stream<String> lines = Files.lines(playlist)) {
            return lines.filter(line -> line.endsWith(".ts"))
                    .map(playlist::resolveSibling)
                    .toList();
        }
    }

    /** Only the IDR picture is a key frame; the recovery points, which ffmpeg 8 marks so too, are not. */
    private static RawRtmp.Frame asOtherEncodersMarkIt(RawRtmp.Frame frame) {
        if (!FlvFrames.isKeyPicture(frame) || frame.timestamp() < 500) {
            return frame;
        }
        byte[] body = frame.body().clone();
        body[0] = (byte) (2 << 4 | body[0] & 0xF);
        return new RawRtmp.Frame(frame.type(), frame.timestamp(), body);
    }

    @Test
    void everySegmentOfIntraRefreshShowsAPictureByItself() throws IOException {
        List<RawRtmp.Frame> frames = made(
                        picture(9),
                        tone(9),
                        "-c:v libx264 -preset veryfast",
                        PLAIN + "intra-refresh=1:keyint=25",
                        "-c:a aac")
                .stream()
                .map(FieldInputsIT::asOtherEncodersMarkIt)
                .toList();
        assertThat(frames.stream().filter(FlvFrames::isKeyPicture)).hasSize(1);
        Path playlist = recorded("refresh", frames);
        assertPlays(playlist, frames);
        List<Path> segments = segments(playlist);
        assertThat(segments).hasSizeBetween(4, 6);
        for (Path segment : segments) {
            assertThat(shown(segment))
                    .as(segment.toString())
                    .hasSizeGreaterThan(5)
                    .containsOnly("320");
        }
    }

    @Test
    void picturesThatComeAgainAfterAPauseAreAllThere() throws IOException {
        List<RawRtmp.Frame> frames = made(
                picture(21),
                tone(21),
                "-vf select=lt(t\\,5)+gte(t\\,15)*not(mod(n\\,12)) -fps_mode passthrough",
                "-c:v libx264 -preset veryfast",
                PLAIN + "keyint=50:min-keyint=50",
                "-c:a aac");
        long last = frames.stream()
                .filter(FlvFrames::isKeyPicture)
                .mapToLong(RawRtmp.Frame::timestamp)
                .max()
                .orElse(0);
        assertThat(last).isLessThan(5_000);
        Path playlist = recorded("pause", frames);
        assertPlays(playlist, frames);
        assertThat(playlist).content().doesNotContain("DISCONTINUITY");
        assertThat(first(playlist, "v") - first(playlist, "a")).isCloseTo(0, within(0.05));
        List<String> times = decoded(playlist, "v", "pts_time");
        assertThat(Double.parseDouble(times.getLast()) - Double.parseDouble(times.getFirst()))
                .isCloseTo(20.64, within(0.4));
    }

    @Test
    void surroundSoundWithALayoutOfItsOwnIsHeard() {
        List<RawRtmp.Frame> frames = made(
                picture(5),
                "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=5,aformat=channel_layouts=5.1(side)",
                "-c:v libx264 -preset veryfast",
                PLAIN + "keyint=25",
                "-c:a aac -b:a 256k");
        Path playlist = recorded("surround", frames);
        assertPlays(playlist, frames);
        assertThat(decoded(playlist, "a", "channels"))
                .hasSizeGreaterThan((int) sounds(frames) - 3)
                .containsOnly("6");
        assertThat(first(playlist, "v") - first(playlist, "a")).isCloseTo(0, within(0.05));
    }

    /** The second half of the stream has another size, and says so only by parameter sets in a message of their own. */
    @Test
    void anotherSizeWithoutASequenceHeaderIsShown() throws IOException {
        List<RawRtmp.Frame> small = made(picture(4), "-c:v libx264 -preset veryfast", PLAIN + "keyint=25");
        List<RawRtmp.Frame> large = made(
                "-f lavfi -i testsrc2=size=480x270:rate=25:duration=4",
                "-c:v libx264 -preset veryfast",
                PLAIN + "keyint=25");
        List<RawRtmp.Frame> frames = new ArrayList<>(small);
        for (RawRtmp.Frame frame : large) {
            if (FlvFrames.isPicture(frame)) {
                frames.add(new RawRtmp.Frame(frame.type(), 4_000 + frame.timestamp(), frame.body()));
            } else if (frame.type() == RawRtmp.VIDEO && FlvFrames.isConfiguration(frame)) {
                frames.add(new RawRtmp.Frame(frame.type(), 4_000, setsOf(frame.body())));
            }
        }
        Path playlist = recorded("sizes", frames);
        List<String> widths = decoded(playlist, "v", "width");
        assertThat(widths.subList(0, 100)).containsOnly("320");
        assertThat(widths.subList(100, widths.size())).hasSize(100).containsOnly("480");
        assertThat(playlist).content().containsOnlyOnce("#EXT-X-DISCONTINUITY\n");
        for (Path segment : segments(playlist)) {
            assertThat(shown(segment)).hasSizeGreaterThan(20);
        }
    }

    /** SPS and PPS of an AVC sequence header as a key frame's message without a picture. */
    private static byte[] setsOf(byte[] sequenceHeader) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x17, 1, 0, 0, 0});
        ByteBuffer record = ByteBuffer.wrap(sequenceHeader).position(5 + 5);
        for (int kind = 0; kind < 2; kind++) {
            int count = record.get() & (kind == 0 ? 0x1F : 0xFF);
            for (int i = 0; i < count; i++) {
                byte[] set = new byte[record.getShort()];
                record.get(set);
                out.writeBytes(ByteBuffer.allocate(4).putInt(set.length).array());
                out.writeBytes(set);
            }
        }
        return out.toByteArray();
    }

    @Test
    void hevcWithALongGroupOfPicturesHasItsSetsInEverySegment() throws IOException {
        List<RawRtmp.Frame> frames = made(
                picture(18),
                tone(18),
                "-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=9999:min-keyint=9999:scenecut=0:bframes=0",
                "-c:a aac");
        Path playlist = recorded("hevc", frames);
        assertThat(PacketDump.of(playlist).audio().packets()).hasSizeBetween(allBut(1, frames), allBut(0, frames));
        List<Path> segments = segments(playlist);
        assertThat(segments).hasSizeGreaterThan(1);
        for (Path segment : segments) {
            assertThat(size(segment)).isEqualTo("320,180");
        }
    }

    /** As a player learns it that has nothing but this segment. */
    private static String size(Path segment) {
        String[] question = {"-v", "fatal", "-select_streams", "v:0", "-show_entries", "stream=width,height"};
        List<String> arguments = new ArrayList<>(List.of(question));
        arguments.addAll(List.of("-of", "csv=p=0", segment.toString()));
        return MediaTools.ffprobe(MAKING, arguments.toArray(String[]::new))
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst(",+$", "");
    }

    /** ffmpeg takes no track that appears in the middle of a playlist, so its segments are read one by one. */
    @Test
    void soundThatBeginsLateIsThereFromTheNextSegmentOn() throws IOException {
        List<RawRtmp.Frame> frames = made(
                picture(14),
                "-itsoffset 5 " + tone(9),
                "-c:v libx264 -preset veryfast",
                PLAIN + "keyint=50:min-keyint=50",
                "-c:a aac");
        Path playlist = recorded("late", frames);
        assertThat(decoded(playlist, "v", "width")).hasSize((int) pictures(frames));
        long heard = 0;
        for (Path segment : segments(playlist)) {
            heard += PacketDump.of(segment).audio().packets().size();
        }
        assertThat(sounds(frames) - heard).isBetween(0L, (long) (2.5 * 44_100 / 1024));
    }

    /** A screen stands still in the middle of a group of pictures: its newest one is seen while it does. */
    @Test
    void theNewestPictureBeforeAPauseIsSeenBeforeItsEnd() throws IOException {
        List<RawRtmp.Frame> frames =
                made(picture(3), "-c:v libx264 -preset veryfast", PLAIN + "keyint=250:min-keyint=250");
        Path playlist = folder.resolve("live/still/still.m3u8");
        try (RawRtmp publisher = RawRtmp.publishing(server, "still").await("NetStream.Publish.Start")) {
            frames.stream()
                    .filter(frame -> frame.type() == RawRtmp.VIDEO)
                    .forEach(frame -> publisher.media(frame.type(), frame.timestamp(), frame.body()));
            await().atMost(SOON).until(() -> Files.exists(playlist));
            assertThat(decoded(segments(playlist).getFirst(), "v", "width")).hasSize((int) pictures(frames));
        }
    }
}
