package xiu.protocol.hls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import xiu.stream.StreamKey;

/**
 * The folder of one stream, {@code root/app/name}. It is entered level by level and never through a symbolic link, so
 * that no name leads out of the root. Files appear whole or not at all.
 */
final class StreamFolder {
    private final Path root;
    private final StreamKey key;
    private final Path folder;

    private StreamFolder(Path root, StreamKey key) throws IOException {
        this.root = root;
        this.key = key;
        this.folder = enter(root, key);
    }

    /** Makes the folder where it is missing. */
    static StreamFolder open(Path root, StreamKey key) throws IOException {
        return new StreamFolder(Files.createDirectories(root).toRealPath(), key);
    }

    private static Path enter(Path root, StreamKey key) throws IOException {
        Path at = root;
        for (String level : (key.app() + "/" + key.name()).split("/")) {
            Path next = at.resolve(level);
            if (!at.equals(next.getParent()) || next.getFileName() == null || !next.equals(next.normalize())) {
                throw new IOException("folder: " + next + " (expected: one level below " + at + ")");
            }
            try {
                Files.createDirectory(next);
            } catch (FileAlreadyExistsException there) {
                if (!Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException("folder: " + next + " (expected: a folder, no link and no file)", there);
                }
            }
            at = next;
        }
        return at;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** The highest number of a segment that is there, or -1. */
    long lastNumber() throws IOException {
        long last = -1;
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(folder, "*.ts")) {
            for (Path segment : segments) {
                String name = segment.getFileName().toString();
                String digits = name.substring(0, name.length() - 3);
                if (digits.length() <= 18 && !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    last = Math.max(last, Long.parseLong(digits));
                }
            }
        }
        return last;
    }

    /** Writes a file that must not be there yet. */
    void create(String name, ByteBuffer bytes) throws IOException {
        if (Files.exists(file(name), LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file(name).toString());
        }
        replace(name, bytes);
    }

    /** Writes a file in place of the one that may be there; readers see the old one or the new one. */
    void replace(String name, ByteBuffer bytes) throws IOException {
        Path part = file("." + name + ".part");
        Files.deleteIfExists(part);
        try (FileChannel out = begin(part)) {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        Files.move(part, file(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private FileChannel begin(Path part) throws IOException {
        try {
            return FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (NoSuchFileException gone) {
            // It was empty when a former stream of this name, or one below it, took its folders away.
            enter(root, key);
            return FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }
    }

    /** Whether a file has this text. */
    boolean holds(String name, String text) throws IOException {
        byte[] wanted = text.getBytes(UTF_8);
        Path file = file(name);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == wanted.length
                && Arrays.equals(Files.readAllBytes(file), wanted);
    }

    void delete(String name) throws IOException {
        try {
            Files.delete(file(name));
        } catch (NoSuchFileException gone) {
            // Somebody tidied up; that is what was wanted.
        }
    }

    /** Deletes the folder and those above it, up to the root, as far as they are empty. */
    void deleteEmpty() throws IOException {
        for (Path level = folder; level != null && !level.equals(root); level = level.getParent()) {
            try {
                Files.deleteIfExists(level);
            } catch (DirectoryNotEmptyException used) {
                return;
            }
        }
    }
}
