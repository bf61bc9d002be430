package xiu.rehearsal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Random;
import xiu.codec.AacConfig;
import xiu.codec.AvcConfig;
import xiu.codec.CodecConfig;
import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * H.264 with B-frames and AAC, 30 pictures and 43 audio frames a second, about 1 Mbit/s. The slices contain noise;
 * everything around them is valid. Confined to one thread.
 */
final class SyntheticMedia {
    /** Pictures from one key frame to the next. */
    private static final int GROUP = 30;

    private static final int PICTURE_MICROS = 33_333;
    private static final int SOUND_MICROS = 23_220;
    private static final int REORDERING_MICROS = 2 * PICTURE_MICROS;
    private static final int TAG_BYTES = 5;

    private final Random noise = new Random(1);
    private final Track video;
    private final Track audio;
    private int pictures;
    private int sounds;

    SyntheticMedia() {
        AvcConfig avc = AvcConfig.of(bytes("6742c01e95a0"), bytes("68ce3c80"));
        ByteBuf record = Unpooled.buffer().writeBytes(bytes("1700000000"));
        avc.write(record);
        video = track(Track.VIDEO_ID, TrackKind.VIDEO, avc, record);
        AacConfig aac = AacConfig.lowComplexity(44_100, 2);
        record = Unpooled.buffer().writeBytes(bytes("af00"));
        aac.write(record);
        audio = track(Track.AUDIO_ID, TrackKind.AUDIO, aac, record);
    }

    private static Track track(int id, TrackKind kind, CodecConfig config, ByteBuf header) {
        return new Track(id, kind, config, header.asReadOnly());
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)).asReadOnly();
    }

    /** Makes the next picture, and the audio up to the picture after it. */
    void shoot(PacketOutput out) {
        if (pictures == 0) {
            out.configure(video);
            out.configure(audio);
        }
        out.write(picture());
        pictures++;
        while ((long) sounds * SOUND_MICROS < (long) pictures * PICTURE_MICROS) {
            out.write(sound());
            sounds++;
        }
    }

    /** FLV's VIDEODATA: frame type and codec, packet type, composition time, then NAL units with their lengths. */
    private MediaPacket picture() {
        boolean key = pictures % GROUP == 0;
        long dts = (long) pictures * PICTURE_MICROS;
        // Two of three pictures are shown before the one that is decoded before them.
        long pts = dts + (pictures % 3 == 0 ? REORDERING_MICROS : 0);
        int slice = key ? 24_000 : 2_000 + noise.nextInt(3_000);
        ByteBuf body = Unpooled.buffer(slice + 32).writeByte(key ? 0x17 : 0x27).writeByte(1);
        body.writeMedium((int) (pts - dts) / 1000);
        body.writeInt(2).writeShort(0x0910);
        body.writeInt(slice).writeByte(key ? 0x65 : 0x41).writeBytes(noise(slice - 1));
        return new MediaPacket(video, new MediaPacket.Time(dts, pts), key, body, TAG_BYTES);
    }

    private MediaPacket sound() {
        long at = (long) sounds * SOUND_MICROS;
        ByteBuf body = Unpooled.buffer().writeShort(0xAF01).writeBytes(noise(200 + noise.nextInt(200)));
        return new MediaPacket(audio, new MediaPacket.Time(at, at), false, body, 2);
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        noise.nextBytes(bytes);
        return bytes;
    }
}
