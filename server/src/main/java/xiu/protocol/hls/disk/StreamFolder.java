package xiu.protocol.hls.disk;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import xiu.stream.StreamKey;

/**
 * The folder of one stream, {@code root/app/name}. It is opened level by level and never through a symbolic link, so
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
        StreamFolder folder = new StreamFolder(Files.createDirectories(root).toRealPath(), key);
        for (String left : folder.names(FileNames::isUnfinished)) {
            folder.delete(left);
        }
        return folder;
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

    boolean exists(String name) {
        return Files.exists(file(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** The regular files whose names are wanted. */
    List<String> names(Predicate<String> wanted) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (wanted.test(name) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** The highest number of a segment that is there, or -1. */
    long lastNumber() throws IOException {
        long last = -1;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                last = Math.max(last, FileNames.number(file.getFileName().toString()));
            }
        }
        return last;
    }

    /** Writes a file that must not be there yet. */
    void create(String name, ByteBuffer bytes) throws IOException {
        if (exists(name)) {
            throw new FileAlreadyExistsException(file(name).toString());
        }
        replace(name, bytes);
    }

    /** Writes a file in place of the one that may be there; readers see the old one or the new one. */
    void replace(String name, ByteBuffer bytes) throws IOException {
        Path part = file(FileNames.UNFINISHED);
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

    /** Begins to write a file that must not be there yet. */
    FileChannel begin(Path part) throws IOException {
        try {
            return FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (NoSuchFileException gone) {
            // An earlier stream of this name, or one below it, has removed the folder when it was empty.
            enter(root, key);
            return FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }
    }

    /** Gives a file its name, which no other may have. */
    void rename(Path file, String name) throws IOException {
        if (exists(name)) {
            throw new FileAlreadyExistsException(file(name).toString());
        }
        Files.move(file, file(name), StandardCopyOption.ATOMIC_MOVE);
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
            // Somebody else has deleted it, which is just as well.
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
