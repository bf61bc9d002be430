package xiu.container.mpegts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xiu.check.AvcUnits.IDR;
import static xiu.check.AvcUnits.NEWER_PPS;
import static xiu.check.AvcUnits.NEWER_SPS;
import static xiu.check.AvcUnits.PPS;
import static xiu.check.AvcUnits.RECOVERY;
import static xiu.check.AvcUnits.SLICE;
import static xiu.check.AvcUnits.SPS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.bytes.MalformedDataException;
import xiu.check.MediaFeed;
import xiu.check.TsCheck;
import xiu.check.TsPes;
import xiu.media.MediaPacket;
import xiu.media.Track;

/** Which parameter sets stand in front of which picture, as NAL units without their start codes. */
class InBandSetsTest {
    /** Of number 1: ue(v) 010. */
    private static final String SECOND_PPS = "6853c811";

    private static final String DELIMITER = "09f0";

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final TsMuxer muxer = new TsMuxer(allocator);
    private final TsCheck check = new TsCheck();
    private boolean first = true;
    private long time;

    @AfterEach
    void close() {
        muxer.discard();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private void begin() {
        muxer.begin(first, true);
    }

    private boolean write(boolean key, String... units) {
        return write(MediaFeed.AVC, key, units);
    }

    private boolean write(Track track, boolean key, String... units) {
        MediaPacket packet = MediaFeed.units(track, time, key, units);
        time += 40;
        try {
            return muxer.write(packet);
        } finally {
            packet.release();
        }
    }

    /** The units of each picture, in hexadecimal. */
    private List<List<String>> finish() {
        ByteBuf bytes = muxer.finish().cut();
        try {
            TsCheck.Segment segment = check.segment(ByteBufUtil.getBytes(bytes), first);
            first = false;
            return segment.video().stream().map(InBandSetsTest::units).toList();
        } finally {
            bytes.release();
        }
    }

    private static List<String> units(TsPes pes) {
        return Stream.of(pes.hex().split("0000(00)?01"))
                .filter(u -> !u.isEmpty())
                .collect(Collectors.toList());
    }

    @Test
    void theFirstPictureOfEverySegmentHasThemAndTheNextOneHasNot() {
        begin();
        write(true, IDR);
        write(false, SLICE);
        assertThat(finish()).containsExactly(List.of(DELIMITER, SPS, PPS, IDR), List.of(DELIMITER, SLICE));
        begin();
        write(false, SLICE);
        write(false, SLICE);
        assertThat(finish()).containsExactly(List.of(DELIMITER, SPS, PPS, SLICE), List.of(DELIMITER, SLICE));
    }

    @Test
    void recoveryPointsHaveThem() {
        begin();
        write(true, IDR);
        write(false, RECOVERY, SLICE);
        assertThat(finish().getLast()).containsExactly(DELIMITER, SPS, PPS, RECOVERY, SLICE);
    }

    @Test
    void hevcPicturesInTheMiddleHaveThemToo() {
        Track hevc = MediaFeed.HEVC;
        String slice = "0201d000";
        begin();
        write(hevc, true, "2601af00");
        assertThat(finish().getFirst()).containsExactly("460150", "40010c01", "42010101", "4401c173", "2601af00");
        begin();
        write(hevc, false, slice);
        write(hevc, false, "4e01060180", slice);
        assertThat(finish())
                .containsExactly(
                        List.of("460150", "40010c01", "42010101", "4401c173", slice),
                        List.of("460150", "40010c01", "42010101", "4401c173", "4e01060180", slice));
    }

    @Test
    void setsInAMessageOfTheirOwnAreKeptForTheNextPicture() {
        begin();
        write(true, IDR);
        assertThat(write(true, NEWER_SPS, NEWER_PPS)).isFalse();
        write(true, IDR);
        write(false, SLICE);
        assertThat(finish())
                .containsExactly(
                        List.of(DELIMITER, SPS, PPS, IDR),
                        List.of(DELIMITER, NEWER_SPS, NEWER_PPS, IDR),
                        List.of(DELIMITER, SLICE));
    }

    @Test
    void theyAreNewerThanTheSequenceHeaderFromThenOn() {
        begin();
        write(true, DELIMITER, NEWER_SPS, NEWER_PPS);
        write(true, IDR);
        finish();
        begin();
        write(true, IDR);
        assertThat(finish()).containsExactly(List.of(DELIMITER, NEWER_SPS, NEWER_PPS, IDR));
        begin();
        write(MediaFeed.OTHER_AVC, true, IDR);
        write(MediaFeed.AVC, true, IDR);
        assertThat(finish().getLast()).containsExactly(DELIMITER, SPS, PPS, IDR);
    }

    @Test
    void setsOfHevcInAMessageOfTheirOwnAreKept() {
        begin();
        write(MediaFeed.HEVC, true, "40010c02", "42010102", "4401c174");
        write(MediaFeed.HEVC, true, "2601af00");
        assertThat(finish().getFirst()).containsExactly("460150", "40010c02", "42010102", "4401c174", "2601af00");
    }

    @Test
    void whatAKeyFrameBringsOnlyHalfIsCompletedInTheRightOrder() {
        begin();
        write(true, NEWER_PPS, IDR);
        write(true, NEWER_SPS, IDR);
        assertThat(finish())
                .containsExactly(
                        List.of(DELIMITER, SPS, NEWER_PPS, IDR), List.of(DELIMITER, NEWER_SPS, NEWER_PPS, IDR));
    }

    @Test
    void setsOfOtherNumbersStandSideBySide() {
        begin();
        write(true, SECOND_PPS, IDR);
        write(true, IDR);
        assertThat(finish().getLast()).containsExactly(DELIMITER, SPS, PPS, SECOND_PPS, IDR);
    }

    @Test
    void setsForAPictureInBetweenStayWhereTheyAre() {
        begin();
        write(true, IDR);
        write(false, NEWER_PPS, SLICE);
        write(true, IDR);
        assertThat(finish().subList(1, 3))
                .containsExactly(List.of(DELIMITER, NEWER_PPS, SLICE), List.of(DELIMITER, SPS, NEWER_PPS, IDR));
    }

    @Test
    void setsBehindThePictureAreForTheNextOne() {
        begin();
        write(true, IDR, NEWER_PPS);
        write(true, IDR);
        assertThat(finish())
                .containsExactly(List.of(DELIMITER, SPS, PPS, IDR, NEWER_PPS), List.of(DELIMITER, SPS, NEWER_PPS, IDR));
    }

    @Test
    void seiInAMessageOfItsOwnComesWithTheNextPicture() {
        begin();
        write(true, IDR);
        assertThat(write(false, "060501aa80")).isFalse();
        write(false, SLICE);
        write(false, SLICE);
        assertThat(finish().subList(1, 3))
                .containsExactly(List.of(DELIMITER, "060501aa80", SLICE), List.of(DELIMITER, SLICE));
    }

    @Test
    void whatIsLeftOutOfASegmentStillBringsItsSets() {
        begin();
        MediaPacket early = MediaFeed.units(MediaFeed.AVC, 0, false, NEWER_SPS, NEWER_PPS, SLICE);
        muxer.omit(early);
        early.release();
        write(true, IDR);
        assertThat(finish().getFirst()).containsExactly(DELIMITER, NEWER_SPS, NEWER_PPS, IDR);
    }

    @Test
    void seiThatWaitsAndSetsAreBounded() {
        begin();
        for (int i = 0; i < 100; i++) {
            write(false, "0605ff" + "aa".repeat(4_000));
        }
        write(true, IDR);
        assertThat(finish().getFirst()).hasSize(4 + 16);
        begin();
        assertThatThrownBy(() -> {
                    for (int number = 1; number < 200; number++) {
                        write(false, "68" + ByteBufUtil.hexDump(golomb(number)) + "aa".repeat(4_000));
                    }
                })
                .isInstanceOf(MalformedDataException.class);
        write(true, IDR);
        assertThat(finish()).hasSize(1);
    }

    /** ue(v) of the number, and ones. */
    private static byte[] golomb(int number) {
        int bits = 32 - Integer.numberOfLeadingZeros(number + 1);
        int code = number + 1 << 24 - (2 * bits - 1) | (1 << 24 - (2 * bits - 1)) - 1;
        return new byte[] {(byte) (code >> 16), (byte) (code >> 8), (byte) code};
    }
}
