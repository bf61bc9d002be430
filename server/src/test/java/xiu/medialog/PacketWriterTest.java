package xiu.medialog;

import static org.assertj.core.api.Assertions.assertThat;
import static xiu.media.SampleMedia.AUDIO;
import static xiu.media.SampleMedia.VIDEO;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.PacketWriter;
import xiu.media.SampleMedia;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.media.WireFormat;

/** A format that remembers: it numbers what it writes, and keeps audio back until a picture takes it along. */
class PacketWriterTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ByteLog log = log();

    private record Numbered() implements WireFormat {
        @Override
        public PacketWriter open() {
            return new Numbers();
        }

        @Override
        public void begin(List<Track> tracks, ByteBuf out) {
            out.writeBytes("begin ".getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void configuration(Track track, long dts, ByteBuf out) {}

        @Override
        public boolean carries(Track track) {
            return track.id() != 9;
        }

        @Override
        public int trailer(MediaPacket packet) {
            return -1;
        }
    }

    private static final class Numbers implements PacketWriter {
        private static final int MOST = 64;
        private final StringBuilder kept = new StringBuilder();
        private int number;

        @Override
        public int pending() {
            return kept.length();
        }

        @Override
        public void flush(ByteBuf out) {
            out.writeBytes(kept.toString().getBytes(StandardCharsets.US_ASCII));
            kept.setLength(0);
        }

        @Override
        public byte[] entry(List<Track> tracks) {
            return ("(from " + number + " of " + tracks.size() + ") ").getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public int measure(MediaPacket packet) {
            return kept.length() + MOST;
        }

        @Override
        public void packet(MediaPacket packet, ByteBuf out) {
            kept.append(packet.track().kind() == TrackKind.VIDEO ? 'v' : 'a')
                    .append(number++)
                    .append(' ');
            if (packet.track().kind() == TrackKind.VIDEO) {
                flush(out);
            }
        }

        @Override
        public void restart() {
            kept.append("restart ");
        }
    }

    private ByteLog log() {
        return new ByteLog(new Numbered(), new LogSettings(1, 4 << 20, 1_000, 30_000_000), allocator);
    }

    @AfterEach
    void allMemoryIsBack() {
        log.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private void append(ByteLog to, Track track, long millis, boolean key) {
        MediaPacket packet = SampleMedia.packet(track, millis, key);
        to.append(packet);
        packet.release();
    }

    private static String text(JoinPoint at, byte[] first) {
        StringBuilder text = new StringBuilder(new String(first, StandardCharsets.US_ASCII));
        int offset = at.offset();
        for (ByteChunk chunk = at.chunk(); chunk != null; chunk = chunk.next()) {
            text.append(chunk.buffer().toString(offset, chunk.limit() - offset, StandardCharsets.US_ASCII));
            offset = 0;
        }
        at.chunk().release();
        return text.toString().strip();
    }

    @Test
    void whatWasKeptBackStandsBeforeThePlaceToBegin() {
        append(log, VIDEO, 0, true);
        append(log, AUDIO, 1, false);
        JoinPoint first = Objects.requireNonNull(log.join(1));
        append(log, VIDEO, 2, true);
        JoinPoint second = Objects.requireNonNull(log.join(1));
        assertThat(text(first, first.preamble())).isEqualTo("begin v0 a1 v2");
        assertThat(text(second, second.preamble())).isEqualTo("begin v2");
    }

    @Test
    void whoSkippedGetsWhatTheWriterSaidOfThePlace() {
        append(log, VIDEO, 0, true);
        append(log, AUDIO, 1, false);
        append(log, VIDEO, 2, true);
        append(log, VIDEO, 3, false);
        JoinPoint again = Objects.requireNonNull(log.joinAfter(1));
        assertThat(text(again, again.resync())).isEqualTo("(from 2 of 2) v2 v3");
    }

    @Test
    void nothingIsLostWhenAnotherPublisherFollows() {
        append(log, VIDEO, 0, true);
        append(log, AUDIO, 1, false);
        JoinPoint first = Objects.requireNonNull(log.join(1));
        log.reset();
        append(log, VIDEO, 2, false);
        assertThat(text(first, first.preamble())).isEqualTo("begin v0 a1 restart v2");
    }

    @Test
    void eachLogHasItsOwnWriter() {
        ByteLog other = log();
        append(log, VIDEO, 0, true);
        append(log, VIDEO, 1, false);
        append(other, VIDEO, 0, true);
        JoinPoint at = Objects.requireNonNull(other.join(1));
        assertThat(text(at, at.preamble())).isEqualTo("begin v0");
        other.close();
    }

    /** A stream with a codec that the format has no place for is one of sound alone to it, which begins at once. */
    @Test
    void picturesThatAreLeftOutAreNotWaitedFor() {
        Track strange = SampleMedia.track(9, TrackKind.VIDEO, "strange");
        append(log, strange, 0, true);
        append(log, AUDIO, 1, false);
        append(log, AUDIO, 2, false);
        log.reset();
        JoinPoint at = Objects.requireNonNull(log.join(1));
        assertThat(text(at, at.preamble())).isEqualTo("begin a0 a1");
    }
}
