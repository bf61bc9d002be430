package xiu.codec.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.bytes.MalformedDataException;

class NalUnitsTest {
    private static final String THREE_UNITS = "00000002 09f0 00000003 65aabb 00000001 06";

    @Test
    void walksEveryUnit() {
        ByteBuf sample = hex(THREE_UNITS);
        NalUnits units = new NalUnits(sample, 4);
        List<String> found = new ArrayList<>();
        while (units.next()) {
            found.add(units.avcType() + ":" + ByteBufUtil.hexDump(sample, units.index(), units.length()));
        }
        assertThat(found).containsExactly("9:09f0", "5:65aabb", "6:06");
        assertThat(units.next()).isFalse();
        assertThat(sample.readerIndex()).isZero();
    }

    @Test
    void beginsAtTheReaderIndex() {
        ByteBuf sample = hex("ffff" + THREE_UNITS).skipBytes(2);
        NalUnits units = new NalUnits(sample, 4);
        assertThat(units.next()).isTrue();
        assertThat(units.avcType()).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:0102aa", "2:00010002aaaa", "3:000002aabb", "4:00000002aabb"})
    void readsLengthsOfEverySize(String line) {
        int lengthSize = line.charAt(0) - '0';
        String bytes = lengthSize == 1 ? "01 02 02 aabb" : lengthSize == 2 ? "0001 02 0002 aabb" : line.substring(2);
        ByteBuf out = Unpooled.buffer();
        NalUnits.toAnnexB(hex(bytes), lengthSize, out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(lengthSize <= 2 ? "000000010200000001aabb" : "00000001aabb");
    }

    @Test
    void passesOverEmptyUnits() {
        ByteBuf out = Unpooled.buffer();
        NalUnits.toAnnexB(hex("00000000 00000001 65 00000000"), 4, out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("0000000165");
    }

    @Test
    void anEmptySampleHasNoUnits() {
        assertThat(new NalUnits(Unpooled.EMPTY_BUFFER, 4).next()).isFalse();
    }

    @Test
    void knowsTheHevcTypes() {
        NalUnits units = new NalUnits(hex("00000002 4001"), 4);
        assertThat(units.next()).isTrue();
        assertThat(units.hevcType()).isEqualTo(32);
    }

    @Test
    void refusesALengthWithTheTopBitSet() {
        NalUnits units = new NalUnits(hex("ffffffff 65"), 4);
        assertThatThrownBy(units::next)
                .isInstanceOf(MalformedDataException.class)
                .hasMessage("NAL unit length: 4294967295 (expected: at most 1)");
    }

    @Test
    void everyTruncationIsWholeUnitsOrMalformedAndWritesNothing() {
        ByteBuf whole = hex(THREE_UNITS);
        for (int length = 0; length < whole.readableBytes(); length++) {
            ByteBuf cut = whole.slice(0, length);
            ByteBuf out = Unpooled.buffer();
            if (length == 0 || length == 6 || length == 13) {
                NalUnits.toAnnexB(cut, 4, out);
                assertThat(out.readableBytes()).isEqualTo(length);
            } else {
                assertThatThrownBy(() -> NalUnits.toAnnexB(cut, 4, out)).isInstanceOf(MalformedDataException.class);
                assertThat(out.readableBytes()).isZero();
            }
        }
    }

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text.replace(" ", "")));
    }
}
