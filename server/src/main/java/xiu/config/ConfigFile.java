package xiu.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the text of a configuration file, and says why when that is impossible. */
final class ConfigFile {
    private static final int MAX_BYTES = 1 << 20;

    private ConfigFile() {}

    static String read(Path file) {
        if (Files.isDirectory(file)) {
            throw new ConfigException(file + ": a directory (expected: a TOML file)");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file");
        } catch (IOException e) {
            String reason = e instanceof java.nio.file.AccessDeniedException ? "permission denied" : e.getMessage();
            throw new ConfigException(file + ": cannot be read: " + reason);
        }
        if (bytes.length > MAX_BYTES) {
            throw new ConfigException(file + ": longer than 1 MiB (expected: a TOML file)");
        }
        return decode(file, bytes);
    }

    private static String decode(Path file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new ConfigException("%s:%d: not UTF-8: byte 0x%02X"
                    .formatted(file, lineAt(bytes, in.position()), bytes[in.position()]));
        }
        String text = out.flip().toString();
        // Editors on Windows begin UTF-8 files with a byte order mark, which TOML does not know.
        String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (withoutMark.isBlank()) {
            throw new ConfigException(file + ": empty (expected: TOML tables such as [rtmp])");
        }
        return withoutMark;
    }

    private static int lineAt(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
