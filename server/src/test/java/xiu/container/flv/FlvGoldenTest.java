package xiu.container.flv;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.Track;

/** What is found in files that ffmpeg wrote, down to the hash of each body. */
class FlvGoldenTest {
    static List<String> names() {
        return Golden.NAMES;
    }

    @ParameterizedTest
    @MethodSource("names")
    void findsTheTracksAndPacketsOfAFile(String name) {
        String dump = dump(Unpooled.wrappedBuffer(Golden.flv(name)));
        assertThat(dump).isEqualTo(Golden.dump(name, dump));
    }

    @ParameterizedTest
    @MethodSource("names")
    void findsTheSameWhenTheBytesComeOneByOne(String name) {
        DumpOutput dump = new DumpOutput();
        FlvReader reader = new FlvReader(new FlvDemuxer(dump));
        ByteBuf pending = Unpooled.buffer();
        for (byte next : Golden.flv(name)) {
            pending.discardReadBytes().writeByte(next);
            reader.read(pending);
        }
        assertThat(pending.isReadable()).isFalse();
        assertThat(dump.toString()).isEqualTo(Golden.dump(name, dump.toString()));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFileCutOffAnywhereGivesTheBeginningOfTheSame(String name) {
        byte[] whole = Golden.flv(name);
        String all = dump(Unpooled.wrappedBuffer(whole));
        for (int length = 0; length < whole.length; length += 1 + length / 100) {
            assertThat(all).startsWith(dump(Unpooled.wrappedBuffer(whole, 0, length)));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatIsWrittenAsTagsReadsAsTheSame(String name) {
        ByteBuf written = ByteBufAllocator.DEFAULT.buffer();
        TagOutput output = new TagOutput(written);
        new FlvReader(new FlvDemuxer(output)).read(Unpooled.wrappedBuffer(Golden.flv(name)));
        String dump = dump(written);
        written.release();
        // A description is written twice: as its track's configuration and in its place.
        assertThat(withoutDescriptions(dump)).isEqualTo(withoutDescriptions(Golden.dump(name, dump)));
    }

    private static String withoutDescriptions(String dump) {
        return dump.lines()
                .filter(line -> !line.startsWith("packet " + Track.VIDEO_DESCRIPTION_ID + " "))
                .reduce("", (a, b) -> a + b + "\n");
    }

    private static String dump(ByteBuf flv) {
        DumpOutput dump = new DumpOutput();
        new FlvReader(new FlvDemuxer(dump)).read(flv);
        return dump.toString();
    }

    /** Writes like a player's connection: a track's configuration as soon as it is known. */
    private static final class TagOutput implements PacketOutput {
        private final FlvTagFormat format = new FlvTagFormat();
        private final Map<Integer, Track> written = new HashMap<>();
        private final ByteBuf out;

        TagOutput(ByteBuf out) {
            this.out = out;
            format.begin(List.of(), out);
        }

        @Override
        public void configure(Track track) {
            format.configuration(track, 0, out);
            written.put(track.id(), track);
        }

        @Override
        public void write(MediaPacket packet) {
            assertThat(written.get(packet.track().id())).isSameAs(packet.track());
            format.packet(packet, out);
            packet.release();
        }
    }
}
