package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import xiu.container.flv.OnMetaData;
import xiu.media.MediaPacket;
import xiu.media.PacketFormat;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * A stream as RTMP chunks. Players of the same message stream id share the bytes, which is nearly all of them: the first
 * {@code createStream} of a connection returns 1.
 *
 * @param messageStreamId the message stream on which the peer expects the media
 * @param audio whether audio is sent ({@code receiveAudio})
 * @param video whether video is sent ({@code receiveVideo})
 * @param publishing whether the peer is a server that gets the stream from us, and the metadata as publishers send it
 */
public record RtmpMessageFormat(int messageStreamId, boolean audio, boolean video, boolean publishing)
        implements PacketFormat {

    /** Bytes of a chunk, as announced to the peer: large, so that headers are rare; old players dislike 65,536 and more. */
    public static final int CHUNK_SIZE = 60_000;

    /** The AMF0 string {@code @setDataFrame}, which publishers put before the metadata. */
    private static final ByteBuf SET_DATA_FRAME = Unpooled.unreleasableBuffer(
            Unpooled.wrappedBuffer("\2\0\15@setDataFrame".getBytes(StandardCharsets.ISO_8859_1))
                    .asReadOnly());

    /** What a player gets. */
    public static RtmpMessageFormat playing(int messageStreamId) {
        return new RtmpMessageFormat(messageStreamId, true, true, false);
    }

    /** What a server gets to which the stream is pushed. */
    public static RtmpMessageFormat publishing(int messageStreamId) {
        return new RtmpMessageFormat(messageStreamId, true, true, true);
    }

    /** This format with or without audio. */
    public RtmpMessageFormat withAudio(boolean sent) {
        return new RtmpMessageFormat(messageStreamId, sent, video, publishing);
    }

    /** This format with or without video. */
    public RtmpMessageFormat withVideo(boolean sent) {
        return new RtmpMessageFormat(messageStreamId, audio, sent, publishing);
    }

    @Override
    public void begin(List<Track> tracks, ByteBuf out) {
        // Chunks need no file header.
    }

    @Override
    public void configuration(Track track, long dts, ByteBuf out) {
        ByteBuf body = track.header();
        if (body.isReadable() && carries(track.kind())) {
            boolean prefixed = publishing && track.kind() == TrackKind.DATA;
            write(
                    track.kind(),
                    track.headerTime(dts),
                    prefixed ? Unpooled.wrappedBuffer(SET_DATA_FRAME.duplicate(), body.duplicate()) : body,
                    out);
        }
    }

    @Override
    public Track settled(Track track, Set<TrackKind> kinds) {
        return OnMetaData.settled(track, kinds);
    }

    @Override
    public void packet(MediaPacket packet, ByteBuf out) {
        if (carries(packet.track().kind())) {
            write(packet.track().kind(), packet.dts(), packet.body(), out);
        }
    }

    @Override
    public int trailer(int bodyBytes) {
        return audio && video && bodyBytes <= CHUNK_SIZE ? 0 : -1;
    }

    @Override
    public boolean isUncommon() {
        // What is pushed, and on which message stream, is between the configuration and the target.
        return !publishing && !(audio && video && messageStreamId == 1);
    }

    @Override
    public int overhead(int bodyBytes) {
        int prefix = SET_DATA_FRAME.readableBytes();
        return prefix + ChunkEncoder.overhead(bodyBytes + prefix, CHUNK_SIZE);
    }

    @Override
    public boolean carries(TrackKind kind) {
        return switch (kind) {
            case AUDIO -> audio;
            case VIDEO -> video;
            case DATA -> true;
        };
    }

    private void write(TrackKind kind, long dts, ByteBuf body, ByteBuf out) {
        int timestamp = (int) Math.floorDiv(dts, 1000);
        ChunkEncoder.encode(
                switch (kind) {
                    case AUDIO ->
                        new ChunkEncoder.Header(ChunkEncoder.AUDIO, RtmpMessageCodec.AUDIO, timestamp, messageStreamId);
                    case VIDEO ->
                        new ChunkEncoder.Header(ChunkEncoder.VIDEO, RtmpMessageCodec.VIDEO, timestamp, messageStreamId);
                    case DATA ->
                        new ChunkEncoder.Header(ChunkEncoder.DATA, RtmpMessageCodec.DATA, timestamp, messageStreamId);
                },
                body,
                CHUNK_SIZE,
                out);
    }
}
