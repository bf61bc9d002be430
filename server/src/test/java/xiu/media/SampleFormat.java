package xiu.media;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A wire format that a test can read back: type, length, payload.
 *
 * @param audio whether audio is in it
 * @param video whether video is in it
 */
public record SampleFormat(boolean audio, boolean video) implements PacketFormat {
    public static final SampleFormat ALL = new SampleFormat(true, true);

    static final int BEGIN = 'B';
    static final int CONFIGURATION = 'C';
    static final int PACKET = 'P';

    @Override
    public void begin(List<Track> tracks, ByteBuf out) {
        out.writeByte(BEGIN).writeInt(4).writeInt(tracks.size());
    }

    @Override
    public void configuration(Track track, long dts, ByteBuf out) {
        if (carries(track)) {
            ByteBuf header = track.flvHeader().duplicate();
            out.writeByte(CONFIGURATION).writeInt(4 + header.readableBytes());
            out.writeInt(track.id()).writeBytes(header);
        }
    }

    @Override
    public void packet(MediaPacket packet, ByteBuf out) {
        if (carries(packet.track())) {
            ByteBuf body = packet.bytes().duplicate();
            out.writeByte(PACKET).writeInt(13 + body.readableBytes());
            out.writeInt(packet.track().id()).writeLong(packet.dts());
            out.writeByte(packet.keyFrame() ? 1 : 0).writeBytes(body);
        }
    }

    @Override
    public boolean holdsPackets() {
        return audio && video;
    }

    @Override
    public int trailer(MediaPacket packet) {
        return audio && video ? 0 : -1;
    }

    @Override
    public int overhead(int bodyBytes) {
        return 18;
    }

    @Override
    public boolean carries(TrackKind kind) {
        return switch (kind) {
            case AUDIO -> audio;
            case VIDEO -> video;
            case DATA -> true;
        };
    }
}
