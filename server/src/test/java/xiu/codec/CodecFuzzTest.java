package xiu.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.BitSet;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.bytes.MalformedDataException;
import xiu.check.Damage;
import xiu.codec.audio.Mp3Header;
import xiu.codec.video.Av1SequenceHeader;
import xiu.codec.video.AvcSps;
import xiu.codec.video.HevcSei;
import xiu.codec.video.HevcSps;
import xiu.codec.video.NalUnits;
import xiu.codec.video.VideoFormat;
import xiu.codec.video.Vp8Header;
import xiu.codec.video.Vp9Header;

/** Configurations and headers of samples: refused, or read and written and read as the same. */
@Tag("fuzz")
class CodecFuzzTest {
    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "records", this::records);
        Damage.inflict(getClass(), "samples", this::samples);
        Damage.inflict(getClass(), "frames", this::frames);
        Damage.inflict(getClass(), "sei", this::sei);
    }

    @FuzzTest(maxDuration = "60s")
    void records(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        rereads(in, AvcConfig::parse);
        rereads(in, HevcConfig::parse);
        rereads(in, VvcConfig::parse);
        rereads(in, Av1Config::parse);
        rereads(in, Vp8Config::parse);
        ifWellFormed(() -> describes(Vp9Config.parse(in)));
        ifWellFormed(() -> describes(AvcSps.parse(in).format()));
        ifWellFormed(() -> describes(HevcSps.parse(in).format()));
        ifWellFormed(() -> describes(Av1SequenceHeader.find(in).format()));
        ifWellFormed(() -> sounds(OpusConfig.parse(in)));
        ifWellFormed(() -> {
            FlacConfig flac = FlacConfig.parse(in);
            sounds(flac);
            assertThat(FlacConfig.parse(flac.streamInfo())).isEqualTo(flac);
        });
        ifWellFormed(() -> {
            AacConfig aac = AacConfig.parse(in);
            ByteBuf out = sounds(aac);
            assertThat(AacConfig.parse(out)).isEqualTo(aac);
            assertThat(aac.frameDuration()).isNotNegative();
            if (aac.fitsAdts()) {
                AdtsHeader.write(aac, 100, out.clear());
                assertThat(out.readableBytes()).isLessThanOrEqualTo(AdtsHeader.MOST_BYTES);
                assertThat(AdtsHeader.parse(out).frameBytes()).isEqualTo(out.readableBytes() + 100);
            }
        });
    }

    private static void rereads(ByteBuf in, Function<ByteBuf, VideoConfig> parse) {
        ifWellFormed(() -> {
            VideoConfig config = parse.apply(in);
            ByteBuf out = describes(config);
            assertThat(out.readableBytes()).isLessThanOrEqualTo(in.readableBytes() + 8);
            assertThat(parse.apply(out).format()).isEqualTo(config.format());
            assertThat(parse.apply(out).codecString()).isEqualTo(config.codecString());
        });
    }

    private static ByteBuf describes(VideoConfig config) {
        describes(config.format());
        assertThat(config.codecString()).matches("[a-z0-9]{4}(\\.[A-Z0-9]+)+");
        assertThat(config.profileName()).isNotNull();
        assertThat(config.levelName()).isNotNull();
        ByteBuf out = Unpooled.buffer();
        config.write(out);
        return out;
    }

    private static void describes(VideoFormat format) {
        assertThat(format.width()).isBetween(0, 1 << 16);
        assertThat(format.height()).isBetween(0, 1 << 16);
        assertThat(format.bitDepth()).isBetween(0, 16);
        assertThat(format.frameRate().value()).isNotNegative();
        assertThat(format.sampleAspect().value()).isNotNegative();
        assertThat(format.color().range()).isNotNull();
    }

    private static ByteBuf sounds(AudioConfig config) {
        assertThat(config.codecString()).isNotEmpty();
        assertThat(config.outputSampleRate()).isPositive();
        assertThat(config.outputChannels()).isBetween(0, 255);
        assertThat(config.profileName()).isNotNull();
        ByteBuf out = Unpooled.buffer();
        config.write(out);
        return out;
    }

    /** Frames that say what they are. */
    @FuzzTest(maxDuration = "60s")
    void frames(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        ifWellFormed(() -> describes(Vp8Config.of(Vp8Header.parse(in))));
        ifWellFormed(() -> describes(Vp9Config.of(Vp9Header.parse(in))));
        ifWellFormed(() -> assertThat(sounds(Ac3Config.of(in)).readableBytes()).isEqualTo(3));
        ifWellFormed(() -> assertThat(sounds(Eac3Config.of(in)).readableBytes()).isBetween(5, 6));
        ifWellFormed(() -> sounds(Mp3Config.of(Mp3Header.parse(in))));
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
