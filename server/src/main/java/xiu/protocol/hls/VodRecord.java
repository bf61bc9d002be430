package xiu.protocol.hls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The VOD playlist of one recording. It grows line by line in a hidden file, so that a crash loses nothing, and gets its
 * end and its name when the stream is over: {@code vod_stream.m3u8}, or with the first segment's number when an earlier
 * recording has that name. What a crash left behind is finished when the folder is opened again.
 */
final class VodRecord {
    private static final String JOURNAL = ".m3u8.journal";
    private static final String END = "#EXT-X-ENDLIST\n";

    private final StreamFolder folder;
    private final Path journal;

    private VodRecord(StreamFolder folder, Path journal) {
        this.folder = folder;
        this.journal = journal;
    }

    /** Begins a recording with this segment. */
    static VodRecord begin(StreamFolder folder, String stream, int target, long number) throws IOException {
        VodRecord record = new VodRecord(folder, folder.file(".vod_" + stream + "_" + number + JOURNAL));
        String head = HlsPlaylist.head(target, number) + "#EXT-X-PLAYLIST-TYPE:VOD\n";
        record.append(head, StandardOpenOption.CREATE_NEW);
        return record;
    }

    /** Finishes what a crash left behind. */
    static void recover(StreamFolder folder, String stream) throws IOException {
        Path here = folder.file("x").getParent();
        try (DirectoryStream<Path> left = Files.newDirectoryStream(here, file -> isJournal(file, stream))) {
            for (Path journal : left) {
                new VodRecord(folder, journal).finish(stream);
            }
        }
    }

    private static boolean isJournal(Path file, String stream) {
        String name = file.getFileName().toString();
        return name.startsWith(".vod_" + stream + "_")
                && name.endsWith(JOURNAL)
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Adds a segment that is on disk. */
    void add(HlsPlaylist.Entry entry) throws IOException {
        StringBuilder lines = new StringBuilder();
        entry.write("", lines);
        append(lines.toString(), StandardOpenOption.APPEND);
    }

    /** Ends the recording and gives it its name, which no other has. */
    void finish(String stream) throws IOException {
        String text = Files.readString(journal, UTF_8);
        // A crash may have cut the last entry off in the middle.
        int complete = text.lastIndexOf(".ts\n");
        if (complete >= 0) {
            String playlist = text.substring(0, complete + 4) + END;
            folder.create(freeName(stream), ByteBuffer.wrap(playlist.getBytes(UTF_8)));
        }
        Files.delete(journal);
    }

    private String freeName(String stream) {
        String usual = "vod_" + stream + ".m3u8";
        if (!Files.exists(folder.file(usual), LinkOption.NOFOLLOW_LINKS)) {
            return usual;
        }
        String hidden = journal.getFileName().toString();
        return hidden.substring(1, hidden.length() - JOURNAL.length()) + ".m3u8";
    }

    private void append(String text, StandardOpenOption how) throws IOException {
        try (FileChannel out = FileChannel.open(journal, StandardOpenOption.WRITE, how, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
    }
}
