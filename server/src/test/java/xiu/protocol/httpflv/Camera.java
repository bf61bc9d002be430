package xiu.protocol.httpflv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import xiu.codec.OpaqueConfig;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;

/** A publisher of made-up frames, whose bytes are known. */
final class Camera implements Publisher {
    final Publication publication;
    private final Track video = track(Track.VIDEO_ID, TrackKind.VIDEO, "1700000000aabb");
    private final Track audio = track(Track.AUDIO_ID, TrackKind.AUDIO, "af001210");

    Camera(StreamHub hub) {
        publication = hub.feed(new StreamKey("live", "test"), this);
        publication.configure(video);
        publication.configure(audio);
    }

    private static Track track(int id, TrackKind kind, String header) {
        ByteBuf bytes = Unpooled.unreleasableBuffer(
                Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(header)).asReadOnly());
        return new Track(id, kind, new OpaqueConfig("test"), bytes);
    }

    void keyFrame(int millis, int payload) {
        frame(millis, true, "1701000000" + "%02x".formatted(payload & 0xff).repeat(payload));
    }

    void frame(int millis, boolean key, String body) {
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer();
        bytes.writeBytes(ByteBufUtil.decodeHexDump(body));
        publication.write(new MediaPacket(video, new MediaPacket.Time(millis * 1000L, millis * 1000L), key, bytes, 5));
    }

    MediaStream stream() {
        return publication.stream();
    }

    @Override
    public Peer peer() {
        return new Peer("camera", "test", null, 0);
    }

    @Override
    public void onRevoked(EndReason reason) {}
}
