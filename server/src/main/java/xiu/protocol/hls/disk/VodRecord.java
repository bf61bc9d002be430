package xiu.protocol.hls.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import xiu.protocol.hls.playlist.HlsPlaylist;

/**
 * The VOD playlist of one recording. It grows line by line in a hidden file, the journal, so that a crash loses
 * nothing. At the end of the stream it gets its end and its name: {@code vod_stream.m3u8}, or one with the first
 * segment's number when an earlier recording has that name. A journal that a crash left is finished when the folder is
 * opened again.
 */
final class VodRecord {
    private static final ByteBuffer END = US_ASCII.encode("#EXT-X-ENDLIST\n").asReadOnlyBuffer();
    private static final String ENTRY_END = ".ts\n";
    /** Longer than any entry, so that an entry that a crash has cut off is within it. */
    private static final int TAIL = 4_096;

    private final StreamFolder folder;
    private final Path journal;
    private final long first;

    private VodRecord(StreamFolder folder, Path journal, long first) {
        this.folder = folder;
        this.journal = journal;
        this.first = first;
    }

    /** Begins a recording with this segment. */
    static VodRecord begin(StreamFolder folder, int target, long number) throws IOException {
        VodRecord record = new VodRecord(folder, folder.file(FileNames.journal(number)), number);
        String head = HlsPlaylist.head(target, number) + "#EXT-X-PLAYLIST-TYPE:VOD\n";
        try (FileChannel out = folder.begin(record.journal)) {
            write(out, US_ASCII.encode(head));
        }
        return record;
    }

    /** A recording that was left unfinished by a crash. */
    static VodRecord left(StreamFolder folder, String journal) {
        return new VodRecord(folder, folder.file(journal), FileNames.journalOf(journal));
    }

    Path journal() {
        return journal;
    }

    /** Adds a segment that is on disk. */
    void add(HlsPlaylist.Entry entry) throws IOException {
        StringBuilder lines = new StringBuilder();
        entry.write("", lines);
        try (FileChannel out = open()) {
            out.position(out.size());
            write(out, US_ASCII.encode(lines.toString()));
        }
    }

    /** Ends the recording and gives it its name, which no other has. */
    void finish(FileNames names) throws IOException {
        try (FileChannel out = open()) {
            long complete = complete(out);
            if (complete == 0) {
                Files.delete(journal);
                return;
            }
            out.truncate(complete);
            out.position(complete);
            write(out, END.duplicate());
        }
        String usual = names.recording();
        folder.rename(journal, usual == null || folder.exists(usual) ? names.recording(first) : usual);
    }

    /** Its length without an entry that a crash has cut off; 0: there is no entry. */
    private long complete(FileChannel in) throws IOException {
        long size = in.size();
        ByteBuffer tail = ByteBuffer.allocate((int) Math.min(size, TAIL));
        long from = size - tail.capacity();
        while (tail.hasRemaining() && in.read(tail, from + tail.position()) >= 0) {}
        int end = US_ASCII.decode(tail.flip()).toString().lastIndexOf(ENTRY_END);
        if (end < 0 && from > 0) {
            throw new IOException("journal: no entry in the last " + TAIL + " bytes of " + journal);
        }
        return end < 0 ? 0 : from + end + ENTRY_END.length();
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(journal, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** Writes all or nothing: if the disk is full, what it has taken is cut off again. */
    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        long before = out.position();
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            out.truncate(before);
            throw e;
        }
    }
}
