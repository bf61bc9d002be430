package xiu.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.BitSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.bytes.MalformedDataException;
import xiu.check.Damage;
import xiu.codec.audio.Mp3Header;
import xiu.codec.video.AvcSps;
import xiu.codec.video.HevcSei;
import xiu.codec.video.NalUnits;

/** Configurations and headers of samples: refused, or read and written and read as the same. */
@Tag("fuzz")
class CodecFuzzTest {
    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "records", this::records);
        Damage.inflict(getClass(), "samples", this::samples);
        Damage.inflict(getClass(), "sei", this::sei);
    }

    @FuzzTest(maxDuration = "60s")
    void records(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        rereads(in, AvcConfig::parse, AvcConfig::write);
        rereads(in, HevcConfig::parse, HevcConfig::write);
        rereads(in, AacConfig::parse, AacConfig::write);
        ifWellFormed(() -> AvcSps.parse(in));
        ifWellFormed(() -> AacConfig.parse(in).frameDuration());
        ifWellFormed(() -> HevcConfig.parse(in).codecString());
    }

    private static <T> void rereads(ByteBuf in, Function<ByteBuf, T> parse, BiConsumer<T, ByteBuf> write) {
        ifWellFormed(() -> {
            T config = parse.apply(in);
            ByteBuf out = Unpooled.buffer();
            write.accept(config, out);
            assertThat(out.readableBytes()).isLessThanOrEqualTo(in.readableBytes() + 8);
            assertThat(parse.apply(out)).isEqualTo(config);
        });
    }

    /** The first byte chooses the length of the NAL units' lengths. */
    @FuzzTest(maxDuration = "60s")
    void samples(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        if (in.readableBytes() < 5) {
            return;
        }
        ifWellFormed(() -> {
            Mp3Header header = Mp3Header.parse(in.getInt(0));
            assertThat(header.frameBytes()).isBetween(1, 8_192);
            assertThat(header.frameDuration()).isPositive();
        });
        ifWellFormed(() -> assertThat(AdtsHeader.parse(in).frameBytes()).isBetween(AdtsHeader.BYTES, 8_191));
        int lengthSize = 1 + (in.readByte() & 3);
        ByteBuf out = Unpooled.buffer();
        try {
            NalUnits.toAnnexB(in, lengthSize, out);
            assertThat(out.readableBytes()).isLessThanOrEqualTo(4 * in.readableBytes());
        } catch (MalformedDataException refused) {
            assertThat(out.readableBytes()).isZero();
        }
    }

    /** The first byte chooses where the unit begins. */
    @FuzzTest(maxDuration = "60s")
    void sei(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        int at = 1 + (bytes[0] & 0xFF) % bytes.length;
        BitSet types = new BitSet();
        HevcSei.addTypes(Unpooled.wrappedBuffer(bytes), at, bytes.length - at, types);
        assertThat(types.length()).isLessThanOrEqualTo(1_024);
        assertThat(types.cardinality()).isLessThanOrEqualTo(bytes.length);
    }

    private static void ifWellFormed(Runnable read) {
        try {
            read.run();
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageContaining("expected: ");
        }
    }
}
