package xiu.check;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import xiu.codec.Ac3Config;
import xiu.codec.CodecConfig;
import xiu.codec.Eac3Config;
import xiu.codec.FlacConfig;
import xiu.codec.G711Config;
import xiu.codec.Mp3Config;
import xiu.codec.OpaqueConfig;
import xiu.codec.OpusConfig;
import xiu.codec.Vp8Config;
import xiu.codec.VvcConfig;
import xiu.codec.video.Vp8Header;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Time;
import xiu.media.PacketOutput;
import xiu.media.Track;
import xiu.media.TrackKind;

/** A few frames of codecs that no golden file has, as samples with their configurations. */
public final class PlainClips {
    /** All there are. */
    public static final List<String> NAMES = List.of(
            "flac",
            "ac3",
            "eac3",
            "mu_law",
            "g711_wide",
            "mp3_48",
            "speex",
            "vvc",
            "vp8",
            "second_tracks",
            "avc_other");

    private static final Path INPUTS = Path.of("src/test/resources/xiu/codec/CodecFuzzTestInputs");
    private static final int FRAMES = 10;

    private PlainClips() {}

    /** Configures the tracks of one and writes its frames. */
    public static void play(String name, PacketOutput out) {
        switch (name) {
            case "flac" ->
                sound(0, FlacConfig.parse(input("records/flac")), Unpooled.wrappedBuffer(new byte[300]), out);
            case "ac3" -> {
                ByteBuf frame = input("frames/ac3");
                sound(0, Ac3Config.of(frame), frame, out);
            }
            case "eac3" -> {
                ByteBuf frame = input("frames/eac3");
                sound(0, Eac3Config.of(frame), frame, out);
            }
            case "mu_law" -> g711(8_000, out);
            case "g711_wide" -> g711(16_000, out);
            case "mp3_48" -> {
                // MPEG 1 layer 3, 128 kbit/s, 48 kHz, stereo.
                ByteBuf frame = Unpooled.buffer().writeInt(0xFFFB9464).writeZero(380);
                sound(0, new Mp3Config(3, 48_000, 2), frame, out);
            }
            case "speex" -> sound(0, new OpaqueConfig("speex"), Unpooled.wrappedBuffer(new byte[70]), out);
            case "vvc" -> pictures(0, VvcConfig.parse(input("records/vvc")), Unpooled.wrappedBuffer(new byte[90]), out);
            case "vp8" -> {
                ByteBuf key = input("frames/vp8");
                pictures(0, Vp8Config.of(Vp8Header.parse(key)), key, out);
            }
            case "second_tracks" -> {
                pictures(0, MediaFeed.AVC.config(), slice(), out);
                pictures(1, MediaFeed.AVC.config(), slice(), out);
                sound(0, MediaFeed.AAC.config(), Unpooled.wrappedBuffer(new byte[50]), out);
                sound(1, MediaFeed.AAC.config(), Unpooled.wrappedBuffer(new byte[50]), out);
                sound(2, OpusConfig.of(2), Unpooled.wrappedBuffer(new byte[] {(byte) 0xFC, 1, 2}), out);
                sound(
                        255,
                        new Mp3Config(3, 44_100, 2),
                        Unpooled.buffer().writeInt(0xFFFB9064).writeZero(413),
                        out);
            }
            case "avc_other" -> pictures(0, MediaFeed.OTHER_AVC.config(), slice(), out);
            default -> throw new IllegalArgumentException("clip: " + name + " (expected: one of " + NAMES + ")");
        }
    }

    private static void g711(int sampleRate, PacketOutput out) {
        sound(0, new G711Config(G711Config.Law.MU_LAW, sampleRate, 1), Unpooled.wrappedBuffer(new byte[160]), out);
    }

    private static ByteBuf slice() {
        return Unpooled.buffer().writeInt(100).writeByte(0x65).writeZero(99);
    }

    private static void pictures(int number, CodecConfig config, ByteBuf sample, PacketOutput out) {
        Track track = new Track(Track.videoId(number), TrackKind.VIDEO, config);
        out.configure(track);
        for (int i = 0; i < FRAMES; i++) {
            // Key frames count in the first track only.
            out.write(packet(track, i * 40_000L, number == 0 && i % 5 == 0, sample));
        }
    }

    private static void sound(int number, CodecConfig config, ByteBuf sample, PacketOutput out) {
        Track track = new Track(Track.audioId(number), TrackKind.AUDIO, config);
        out.configure(track);
        for (int i = 0; i < FRAMES; i++) {
            out.write(packet(track, i * 20_000L, false, sample));
        }
    }

    private static MediaPacket packet(Track track, long micros, boolean key, ByteBuf sample) {
        ByteBuf bytes = ByteBufAllocator.DEFAULT.buffer(sample.readableBytes()).writeBytes(sample.duplicate());
        return new MediaPacket(track, new Time(micros, micros), key, bytes);
    }

    private static ByteBuf input(String name) {
        try {
            return Unpooled.wrappedBuffer(Files.readAllBytes(INPUTS.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
