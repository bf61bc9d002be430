package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Short clips that ffmpeg makes once and keeps below it/target: a test picture and a tone. */
final class TestClips {
    private static final int SECONDS = 5;
    private static final int FRAME_RATE = 25;

    /** Raise it when a recipe changes, so that old files are not used. */
    private static final String EDITION = "1";

    private static final List<String> VIDEO =
            List.of("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=%d:duration=%d".formatted(FRAME_RATE, SECONDS));
    private static final List<String> AUDIO =
            List.of("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=%d".formatted(SECONDS));
    private static final List<String> AVC =
            List.of("-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-b_strategy", "0");
    private static final List<String> AAC = List.of("-c:a", "aac", "-b:a", "64k");

    private TestClips() {}

    /** H.264 with two B-frames between references, a key frame each second, and AAC: five seconds. */
    static Path avcAac() {
        return clip("avc-aac.mp4", VIDEO, AUDIO, AVC, oneSecondGops(), AAC);
    }

    /** About 2 Mbit/s of noise, H.264 with B-frames, a key frame each second, and AAC; of this width. */
    static Path noisy(int width) {
        return clip(
                "noisy-%d.mp4".formatted(width),
                List.of("-f", "lavfi", "-i"),
                List.of("testsrc2=size=%dx%d:rate=%d:duration=%d,noise=alls=60:allf=t"
                        .formatted(width, width * 9 / 16, FRAME_RATE, SECONDS)),
                AUDIO,
                AVC,
                List.of("-b:v", "1900k", "-maxrate", "1900k", "-bufsize", "950k"),
                oneSecondGops(),
                AAC);
    }

    /** As the first, without sound. */
    static Path avcOnly() {
        return clip("avc.mp4", VIDEO, AVC, oneSecondGops());
    }

    /** AAC alone. */
    static Path aacOnly() {
        return clip("aac.mp4", AUDIO, AAC);
    }

    /** MP3 alone. */
    static Path mp3Only() {
        return clip("mp3.mp4", AUDIO, List.of("-c:a", "libmp3lame", "-b:a", "64k"));
    }

    /** HEVC with B-frames, and AAC. */
    static Path hevcAac() {
        return clip(
                "hevc-aac.mp4",
                VIDEO,
                AUDIO,
                List.of("-c:v", "libx265", "-preset", "ultrafast", "-x265-params"),
                List.of("log-level=error:bframes=2:b-adapt=0:keyint=%1$d:min-keyint=%1$d:scenecut=0"
                        .formatted(FRAME_RATE)),
                List.of("-tag:v", "hvc1"),
                AAC);
    }

    /** AV1 and Opus. */
    static Path av1Opus() {
        return clip(
                "av1-opus.mp4",
                VIDEO,
                AUDIO,
                List.of("-c:v", "libsvtav1", "-preset", "12", "-g", Integer.toString(FRAME_RATE)),
                List.of("-ar", "48000", "-c:a", "libopus", "-b:a", "64k"));
    }

    /** VP9 and AAC. */
    static Path vp9Aac() {
        return clip(
                "vp9-aac.mp4",
                VIDEO,
                AUDIO,
                List.of("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k"),
                List.of("-g", Integer.toString(FRAME_RATE)),
                AAC);
    }

    /** VP9 and Opus. */
    static Path vp9Opus() {
        return clip(
                "vp9-opus.mp4",
                VIDEO,
                AUDIO,
                List.of("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k"),
                List.of("-g", Integer.toString(FRAME_RATE)),
                List.of("-ar", "48000", "-c:a", "libopus", "-b:a", "64k"));
    }

    /** H.264 with B-frames, and MP3. */
    static Path avcMp3() {
        return clip("avc-mp3.mp4", VIDEO, AUDIO, AVC, oneSecondGops(), List.of("-c:a", "libmp3lame", "-b:a", "64k"));
    }

    /** x264 with intra refresh: one IDR picture, and then a recovery point each second; with AAC, for this long. */
    static Path intraRefresh(int seconds) {
        return clip(
                "intra-refresh-%d.flv".formatted(seconds),
                List.of("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=" + seconds),
                List.of("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=" + seconds),
                List.of("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-threads", "1"),
                List.of("-x264-params", "intra-refresh=1:keyint=25"),
                AAC);
    }

    /** A still picture at one frame a second, with x264's own distance of key frames, and AAC; for this long. */
    static Path stillPicture(int seconds) {
        return clip(
                "still-picture-%d.flv".formatted(seconds),
                List.of("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=1:duration=" + seconds),
                List.of("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=" + seconds),
                List.of("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-threads", "1"),
                AAC);
    }

    /** G.711 with A-law alone, forty milliseconds in a packet. */
    static Path g711ALaw() {
        return g711("pcm_alaw");
    }

    /** G.711 with µ-law alone. */
    static Path g711MuLaw() {
        return g711("pcm_mulaw");
    }

    private static Path g711(String codec) {
        // A rising tone: of a constant one, packets would be the same again and again.
        return clip(
                codec + ".flv",
                List.of("-f", "lavfi", "-i", "aevalsrc=0.5*sin(2*PI*(200+50*t)*t):s=8000:d=" + SECONDS),
                List.of("-af", "asetnsamples=320", "-c:a", codec));
    }

    /** Sound alone, by this encoder and at this rate. */
    static Path sound(String encoder, String sampleRate) {
        return clip(
                "sound-%s-%s.flv".formatted(encoder, sampleRate), AUDIO, List.of("-ar", sampleRate, "-c:a", encoder));
    }

    private static List<String> oneSecondGops() {
        String rate = Integer.toString(FRAME_RATE);
        return List.of("-g", rate, "-keyint_min", rate, "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-threads", "1");
    }

    @SafeVarargs
    private static synchronized Path clip(String name, List<String>... recipe) {
        Path clip = Workspace.directory("clips-" + EDITION).resolve(name);
        if (Files.exists(clip)) {
            return clip;
        }
        Path unfinished =
                clip.resolveSibling("making-" + ProcessHandle.current().pid() + "-" + name);
        List<String> arguments = new ArrayList<>();
        for (List<String> part : recipe) {
            arguments.addAll(part);
        }
        if (name.endsWith(".mp4")) {
            Collections.addAll(arguments, "-movflags", "+faststart");
        }
        arguments.add(unfinished.toString());
        MediaTools.ffmpeg(Duration.ofSeconds(60), arguments.toArray(String[]::new));
        try {
            return Files.move(unfinished, clip, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
