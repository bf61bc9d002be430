package xiu.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import xiu.check.MediaFeed;
import xiu.check.TsCheck;
import xiu.check.TsPes;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.segment.format.TsSegments;
import xiu.segment.window.SegmentCut;
import xiu.segment.window.SegmentNumbers;
import xiu.segment.window.WindowSettings;

/** A segmenter that is fed pictures and sounds, and the segments that it makes of them, each read and checked. */
final class SegmenterRun implements AutoCloseable {
    final List<Made> made = new ArrayList<>();

    /** As by default. */
    static final SegmentSettings SETTINGS =
            new SegmentSettings(Duration.ofSeconds(2), 1, 32 << 20, new WindowSettings(6, 128 << 20, false));

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final TsCheck check = new TsCheck();
    private final Segmenter segmenter = new Segmenter("live/test", SETTINGS, parts(allocator), this::take);
    private long sequence;
    private int pictures;
    private int sounds;

    /** A segment that was cut; {@code wall} is when it began, ms since the first one did; {@code target} what was settled by then, or 0. */
    record Made(TsCheck.Segment ts, long millis, boolean discontinuity, boolean independent, long wall, int target) {}

    /** What a segmenter needs, with a clock that stands still. */
    static SegmentParts parts(ByteBufAllocator allocator) {
        return new SegmentParts(
                TsSegments.FORMAT,
                allocator,
                () -> 1_000_000,
                () -> 0,
                new SegmentNumbers(() -> 1_000_000),
                new IdleBudget(() -> 0));
    }

    private void take(SegmentCut cut) {
        ByteBuf bytes = cut.draft().make();
        TsCheck.Segment ts = check.segment(ByteBufUtil.getBytes(bytes), cut.discontinuity() || made.isEmpty());
        bytes.release();
        assertThat(cut.duration()).isLessThan(12_500_000);
        made.add(new Made(
                ts,
                cut.duration() / 1000,
                cut.discontinuity(),
                cut.independent(),
                cut.wallMillis() - 1_000_000,
                segmenter.target()));
    }

    void announce(Track... tracks) {
        segmenter.announce(List.of(tracks));
    }

    void breakTimeline() {
        segmenter.breakTimeline();
    }

    /** One picture; times in ms. */
    void picture(Track track, long millis, boolean key) {
        feed(MediaFeed.picture(track, millis, millis, key, 100));
        pictures++;
    }

    /** Sound up to this time, without a gap or, after one, from {@code from} on. */
    void sound(Track track, long from, long to) {
        for (long us = from * 1000; us < to * 1000; us += 23_220) {
            feed(MediaFeed.sound(track, us, 50));
            sounds++;
        }
    }

    /** Pictures every {@code step} ms and sound; a key frame at each multiple of {@code gop} ms. */
    void both(long from, long to, int step, int gop) {
        for (long ms = from; ms < to; ms += step) {
            picture(MediaFeed.AVC, ms, ms % gop == 0);
            sound(MediaFeed.AAC, ms, Math.min(ms + step, to));
        }
    }

    /** Any packet; consumed. */
    void feed(MediaPacket packet) {
        MediaPacket placed = packet.placed(new MediaPacket.Position(sequence++, 0), 0);
        segmenter.packet(placed);
        placed.release();
    }

    /** Nothing has come for a while. */
    void rest() {
        segmenter.rest();
    }

    void end() {
        segmenter.end();
    }

    int target() {
        return segmenter.target();
    }

    int picturesFed() {
        return pictures;
    }

    int soundsFed() {
        return sounds;
    }

    /** Pictures in all segments. */
    List<TsPes> pictures() {
        return made.stream().flatMap(m -> m.ts().video().stream()).toList();
    }

    /** Frames of sound in all segments, each of which is 58 bytes long. */
    int sounds() {
        int bytes = made.stream()
                .flatMap(m -> m.ts().audio().stream())
                .mapToInt(pes -> pes.payload().length)
                .sum();
        return bytes / 58;
    }

    @Override
    public void close() {
        segmenter.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }
}
