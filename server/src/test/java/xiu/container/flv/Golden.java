package xiu.container.flv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Small FLV files that ffmpeg made. */
public final class Golden {
    static final List<String> NAMES =
            List.of("h264_aac", "hevc_mp3", "av1_opus", "vp9_alaw", "h263_speex", "multitrack");

    private static final Path FOLDER = Path.of("src/test/resources/golden/flv");

    private Golden() {}

    /** The bytes of one. */
    public static byte[] flv(String name) {
        try {
            return Files.readAllBytes(FOLDER.resolve(name + ".flv"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The expected dump; {@code -Dgolden.rewrite=true} replaces it by the actual one, to be read and committed. */
    static String dump(String name, String actual) {
        Path file = FOLDER.resolve(name + ".flv.dump");
        try {
            if (Boolean.getBoolean("golden.rewrite")) {
                Files.writeString(file, actual);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
