package xiu.container.flv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xiu.bytes.MalformedDataException;
import xiu.check.Damage;
import xiu.codec.AacConfig;
import xiu.codec.AvcConfig;
import xiu.codec.HevcConfig;
import xiu.codec.OpaqueConfig;
import xiu.codec.video.AvcSps;
import xiu.codec.video.NalUnits;
import xiu.container.flv.amf.AmfReader;
import xiu.container.flv.amf.AmfValue;
import xiu.container.flv.amf.AmfWriter;
import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * Rubbish in, at worst {@link MalformedDataException} out. With {@code JAZZER_FUZZ=1} the fuzzer looks for new inputs;
 * without, the kept ones are replayed.
 */
@Tag("fuzz")
class FlvFuzzTest {
    private static final int ROUNDS = 400;

    static List<String> names() {
        return Golden.NAMES;
    }

    @ParameterizedTest
    @MethodSource("names")
    void damagedFilesDoNoHarm(String name) {
        byte[] whole = Golden.flv(name);
        Random random = new Random(name.hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = whole.clone();
            int damages = 1 + random.nextInt(20);
            for (int i = 0; i < damages; i++) {
                // Most of what decides stands in the first tags.
                int reach = random.nextBoolean() ? 700 : damaged.length;
                damaged[random.nextInt(reach)] = (byte) (random.nextBoolean() ? random.nextInt() : 0xFF);
            }
            file(damaged);
        }
    }

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "bodies", this::bodies);
        Damage.inflict(getClass(), "amf", this::amf);
        Damage.inflict(getClass(), "configurations", this::configurations);
        Damage.inflict(getClass(), "metadata", this::metadata);
    }

    @FuzzTest(maxDuration = "60s")
    void file(byte[] flv) {
        try {
            new FlvReader(new FlvDemuxer(new Discard())).read(Unpooled.wrappedBuffer(flv));
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageContaining("expected: ");
        }
    }

    /** The first byte chooses the kind, the next four are the time. */
    @FuzzTest(maxDuration = "60s")
    void bodies(byte[] bytes) {
        FlvDemuxer demuxer = new FlvDemuxer(new Discard());
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        while (in.readableBytes() > 6) {
            int kind = in.readUnsignedByte() % 3;
            int time = in.readInt();
            ByteBuf body = in.readRetainedSlice(Math.min(in.readUnsignedByte(), in.readableBytes()));
            switch (kind) {
                case 0 -> demuxer.video(time, body);
                case 1 -> demuxer.audio(time, body);
                default -> demuxer.script(time, body);
            }
        }
        assertThat(in.refCnt()).isEqualTo(1);
    }

    @FuzzTest(maxDuration = "60s")
    void amf(byte[] bytes) {
        try {
            for (AmfValue value : new AmfReader(Unpooled.wrappedBuffer(bytes)).readAll()) {
                rereads(value);
            }
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageContaining("expected: ");
        }
    }

    /** Names that were no UTF-8 may have become too long to be written. */
    private static void rereads(AmfValue value) {
        ByteBuf out = Unpooled.buffer();
        try {
            new AmfWriter(out).value(value);
        } catch (IllegalArgumentException tooLong) {
            assertThat(tooLong).hasMessageContaining("AMF name");
            return;
        }
        assertThat(new AmfReader(out).read()).isEqualTo(value);
    }

    @FuzzTest(maxDuration = "60s")
    void configurations(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        List<Runnable> parsers = List.of(
                () -> AvcConfig.parse(in).write(Unpooled.buffer()),
                () -> HevcConfig.parse(in).codecString(),
                () -> AacConfig.parse(in).codecString(),
                () -> AvcSps.parse(in),
                () -> NalUnits.toAnnexB(in, 4, Unpooled.buffer()));
        for (Runnable parser : parsers) {
            try {
                parser.run();
            } catch (MalformedDataException refused) {
                assertThat(refused).hasMessageContaining("expected: ");
            }
        }
    }

    /** Script data as it came from a publisher. */
    @FuzzTest(maxDuration = "60s")
    void metadata(byte[] bytes) {
        ByteBuf body = Unpooled.wrappedBuffer(bytes);
        if (!OnMetaData.unwrap(body)) {
            return;
        }
        int left = body.readableBytes();
        Track track = new Track(Track.METADATA_ID, TrackKind.DATA, new OpaqueConfig("script"), body);
        FlvHeader header = FlvHeader.of(List.of(track));
        assertThat(header.audio() || header.video()).isTrue();
        OnMetaData.fields(body).ifPresent(fields -> {
            fields.number("width");
            rereads(fields);
        });
        assertThat(body.readableBytes()).isEqualTo(left);
    }

    private static final class Discard implements PacketOutput {
        @Override
        public void configure(Track track) {
            assertThat(track.flvHeader().readableBytes()).isLessThanOrEqualTo(1 << 20);
        }

        @Override
        public void write(MediaPacket packet) {
            packet.sample();
            packet.release();
        }
    }
}
