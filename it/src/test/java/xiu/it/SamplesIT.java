package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xiu.container.flv.FlvDemuxer;
import xiu.container.flv.FlvReader;
import xiu.container.flv.FlvTagFormat;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Time;
import xiu.media.PacketOutput;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * Media without tag headers, as protocols other than RTMP publish it, in the tags that are written for it: ffprobe finds the
 * packets that it finds in ffmpeg's own file, and decodes them all.
 */
class SamplesIT {
    static Stream<Path> clips() {
        return Stream.of(
                TestClips.avcAac(),
                TestClips.hevcAac(),
                TestClips.av1Opus(),
                TestClips.vp9Opus(),
                TestClips.avcMp3(),
                TestClips.g711ALaw(),
                TestClips.g711MuLaw(),
                TestClips.sound("flac", "48000"),
                TestClips.sound("ac3", "48000"),
                TestClips.sound("eac3", "44100"),
                TestClips.sound("libmp3lame", "48000"));
    }

    @ParameterizedTest
    @MethodSource("clips")
    void ffprobeFindsTheSamePackets(Path clip) throws IOException {
        Path folder = Workspace.temporary("samples");
        Path published = folder.resolve("published.flv");
        MediaTools.ffmpeg(Duration.ofSeconds(30), "-i", clip.toString(), "-c", "copy", published.toString());
        Path written = folder.resolve("written.flv");
        Plain plain = new Plain();
        new FlvReader(new FlvDemuxer(plain)).read(Unpooled.wrappedBuffer(Files.readAllBytes(published)));
        Files.write(written, plain.file());
        assertThat(media(written)).isNotEmpty().isEqualTo(media(published));
        MediaTools.ffmpeg(Duration.ofSeconds(60), MediaTools.decoding(written));
    }

    private static List<PacketDump.Packet> media(Path file) {
        // What ffmpeg finds in sequence headers and descriptions of sound that it does not know is empty.
        return PacketDump.of(file).packets().stream()
                .filter(packet -> !packet.kind().equals("data") && packet.size() > 0)
                .toList();
    }

    /** Takes headers off, and writes tags as for a player that comes first. */
    private static final class Plain implements PacketOutput {
        private final FlvTagFormat format = new FlvTagFormat();
        private final ByteBuf tags = Unpooled.buffer();
        private List<Track> tracks = new ArrayList<>();

        @Override
        public void configure(Track track) {
            if (track.kind() != TrackKind.DATA && !track.isDescription()) {
                Track plain = new Track(track.id(), track.kind(), track.config());
                tracks = Track.replaced(tracks, plain);
                format.configuration(plain, 0, tags);
            }
        }

        @Override
        public void write(MediaPacket packet) {
            for (Track track : tracks) {
                if (track.id() == packet.track().id() && !packet.isEmpty()) {
                    Time time = new Time(packet.dts(), packet.pts());
                    format.packet(new MediaPacket(track, time, packet.keyFrame(), packet.sample()), tags);
                }
            }
            packet.release();
        }

        private byte[] file() {
            ByteBuf file = Unpooled.buffer();
            format.begin(tracks, file);
            file.writeBytes(tags);
            return ByteBufUtil.getBytes(file);
        }
    }
}
