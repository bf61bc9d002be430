package xiu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    Path folder;

    @Test
    void readsText() throws IOException {
        assertThat(ConfigFile.read(file("x = 1 # ü\n".getBytes("UTF-8")))).isEqualTo("x = 1 # ü\n");
    }

    @Test
    void dropsAByteOrderMark() throws IOException {
        assertThat(ConfigFile.read(file("\uFEFFx = 1".getBytes("UTF-8")))).isEqualTo("x = 1");
    }

    @Test
    void saysThatAFileIsMissing() {
        refused(folder.resolve("none.toml"), "no such file");
    }

    @Test
    void saysThatAFileIsADirectory() {
        refused(folder, "a directory (expected: a TOML file)");
    }

    @Test
    void saysThatAFileIsEmpty() throws IOException {
        refused(file(new byte[0]), "empty (expected: TOML tables such as [rtmp])");
        refused(file(" \n\t\r\n".getBytes("UTF-8")), "empty (expected: TOML tables such as [rtmp])");
    }

    @Test
    void saysWhereAFileIsNotUtf8() throws IOException {
        Path file = file(new byte[] {'x', '\n', '\n', '#', (byte) 0xE9, '\n'});
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.read(file))
                .withMessage(file + ":3: not UTF-8: byte 0xE9");
        Path cut = file(new byte[] {'x', '\n', (byte) 0xC3});
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.read(cut))
                .withMessage(cut + ":2: not UTF-8: byte 0xC3");
    }

    @Test
    void readsNoMoreThanAMegabyte() throws IOException {
        refused(file(new byte[(1 << 20) + 1]), "longer than 1 MiB (expected: a TOML file)");
    }

    @Test
    void saysWhyAFileCannotBeRead() throws IOException {
        // Symbolic links in a circle cannot be read by anybody, not even by root.
        Path link = folder.resolve("circle.toml");
        Files.createSymbolicLink(link, link);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.read(link))
                .withMessageStartingWith(link + ": cannot be read: ");
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("c.toml"), content);
    }

    private static void refused(Path file, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.read(file))
                .withMessage(file + ": " + message);
    }
}
