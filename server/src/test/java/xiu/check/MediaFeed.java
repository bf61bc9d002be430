package xiu.check;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import xiu.codec.AacConfig;
import xiu.codec.AvcConfig;
import xiu.codec.CodecConfig;
import xiu.codec.HevcConfig;
import xiu.codec.Mp3Config;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Time;
import xiu.media.Track;
import xiu.media.TrackKind;

/** Synthetic tracks and packets. What is in the pictures is noise; everything around them is right. */
public final class MediaFeed {
    /** H.264, 4-byte lengths. */
    public static final Track AVC = video(avc(AvcUnits.SPS, AvcUnits.PPS));

    /** H.264 with other parameter sets. */
    public static final Track OTHER_AVC = video(avc(AvcUnits.NEWER_SPS, AvcUnits.NEWER_PPS));

    /** HEVC, 4-byte lengths. */
    public static final Track HEVC = video(new HevcConfig(
            bytes("01".repeat(22)),
            4,
            List.of(
                    new HevcConfig.NalArray(32, List.of(bytes("40010c01"))),
                    new HevcConfig.NalArray(33, List.of(bytes("42010101"))),
                    new HevcConfig.NalArray(34, List.of(bytes("4401c173"))))));

    /** AAC-LC, 44.1 kHz, stereo. */
    public static final Track AAC = audio(AacConfig.lowComplexity(44_100, 2));

    /** AAC-LC, 48 kHz, stereo. */
    public static final Track AAC_48 = audio(AacConfig.lowComplexity(48_000, 2));

    /** MP3, 44.1 kHz, stereo. */
    public static final Track MP3 = audio(new Mp3Config(3, 44_100, 2));

    private MediaFeed() {}

    /** A video track of this configuration. */
    public static Track video(CodecConfig config) {
        return new Track(Track.VIDEO_ID, TrackKind.VIDEO, config, Unpooled.EMPTY_BUFFER);
    }

    /** An audio track of this configuration. */
    public static Track audio(CodecConfig config) {
        return new Track(Track.AUDIO_ID, TrackKind.AUDIO, config, Unpooled.EMPTY_BUFFER);
    }

    /** A key frame or another one, of about this many bytes; times in ms. */
    public static MediaPacket picture(Track track, long dts, long pts, boolean key, int size) {
        ByteBuf body = Unpooled.buffer().writeBytes(new byte[] {0x17, 1, 0, 0, 0});
        boolean hevc = track.config() instanceof HevcConfig;
        body.writeInt(size + 2);
        body.writeShort(hevc ? (key ? 0x2601 : 0x0201) : key ? 0x6588 : 0x419A);
        for (int i = 0; i < size; i++) {
            body.writeByte(0x40 + (i + (int) dts) % 64);
        }
        return new MediaPacket(track, new Time(dts * 1000, pts * 1000), key, body, 5);
    }

    /** A message with these NAL units, in hexadecimal without their lengths; time in ms. */
    public static MediaPacket units(Track track, long millis, boolean key, String... units) {
        ByteBuf body = Unpooled.buffer().writeZero(5);
        for (String hex : units) {
            byte[] unit = HexFormat.of().parseHex(hex);
            body.writeInt(unit.length).writeBytes(unit);
        }
        return new MediaPacket(track, new Time(millis * 1000, millis * 1000), key, body, 5);
    }

    /** An audio frame of about this many bytes; time in µs. */
    public static MediaPacket sound(Track track, long micros, int size) {
        ByteBuf body = Unpooled.buffer().writeBytes(new byte[] {(byte) 0xAF, 1});
        if (track.config() instanceof Mp3Config) {
            body.writeInt(0xFFFB9064).writeZero(413);
        } else {
            body.writeByte(0x21).writeZero(size);
        }
        return new MediaPacket(track, new Time(micros, micros), false, body, 2);
    }

    private static AvcConfig avc(String sps, String pps) {
        return AvcConfig.of(bytes(sps), bytes(pps));
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)).asReadOnly();
    }
}
