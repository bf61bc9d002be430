package xiu.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BitReaderTest {
    @Test
    void readsBitsMostSignificantFirst() {
        BitReader in = BitReader.of(hex("a5f00f"));
        assertThat(in.flag()).isTrue();
        assertThat(in.bits(3)).isEqualTo(0b010);
        assertThat(in.bits(12)).isEqualTo(0x5f0);
        assertThat(in.remaining()).isEqualTo(8);
        assertThat(in.bits(0)).isZero();
        assertThat(in.bits(8)).isEqualTo(0x0f);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void fillsAllThirtyTwoBits() {
        BitReader in = BitReader.of(hex("7fffffffc0"));
        in.skip(1);
        assertThat(in.bits(32)).isEqualTo(-1);
    }

    @Test
    void leavesTheBuffersIndicesAlone() {
        ByteBuf bytes = hex("ffeeddcc").skipBytes(1);
        BitReader in = BitReader.of(bytes);
        assertThat(in.bits(8)).isEqualTo(0xee);
        assertThat(bytes.readerIndex()).isEqualTo(1);
    }

    @Test
    void refusesToReadBeyondTheEnd() {
        BitReader in = BitReader.of(hex("ff"));
        in.skip(5);
        assertThatThrownBy(() -> in.bits(4)).isInstanceOf(MalformedDataException.class);
    }

    /** H.264 table 9-2: 1, 010, 011, 00100, 00101 and table 9-3. */
    @Test
    void readsExpGolombNumbers() {
        BitReader unsigned = BitReader.of(hex("a64280")); // 1 010 011 00100 00101 0...
        for (int expected = 0; expected < 5; expected++) {
            assertThat(unsigned.unsignedGolomb()).isEqualTo(expected);
        }
        BitReader signed = BitReader.of(hex("a64280"));
        assertThat(new int[] {
                    signed.signedGolomb(),
                    signed.signedGolomb(),
                    signed.signedGolomb(),
                    signed.signedGolomb(),
                    signed.signedGolomb()
                })
                .containsExactly(0, 1, -1, 2, -2);
    }

    @Test
    void refusesAnEndlessGolombPrefix() {
        BitReader in = BitReader.of(hex("0000000000ff"));
        assertThatThrownBy(in::unsignedGolomb)
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("30");
    }

    @Test
    void skipsEmulationPreventionOnlyInNalUnits() {
        assertThat(BitReader.ofNalUnit(hex("00000301")).bits(24)).isEqualTo(1);
        assertThat(BitReader.of(hex("00000301")).bits(24)).isEqualTo(3);
        BitReader twice = BitReader.ofNalUnit(hex("0000030000030003"));
        assertThat(twice.bits(32)).isZero();
        assertThat(twice.bits(16)).isEqualTo(3);
    }

    @Test
    void anySplitOfAnyBitsReadsTheSameNumber() {
        Random random = new Random(7);
        for (int round = 0; round < 1000; round++) {
            long expected = random.nextLong();
            BitReader in = BitReader.of(Unpooled.buffer().writeLong(expected));
            long read = 0;
            int missing = 64;
            while (missing > 0) {
                int take = 1 + random.nextInt(Math.min(32, missing));
                read = read << take | Integer.toUnsignedLong(in.bits(take));
                missing -= take;
            }
            assertThat(read).isEqualTo(expected);
        }
    }

    @Test
    void fourCharacterCodesReadBothWays() {
        assertThat(FourCc.of("avc1")).isEqualTo(0x61766331);
        assertThat(FourCc.text(0x61766331)).isEqualTo("avc1");
        assertThat(FourCc.text(0x0a61ff20)).isEqualTo(".a..");
        assertThatThrownBy(() -> FourCc.of("av1")).isInstanceOf(IllegalArgumentException.class);
    }

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text));
    }
}
