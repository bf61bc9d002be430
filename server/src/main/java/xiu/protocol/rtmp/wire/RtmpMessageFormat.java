package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import xiu.container.flv.FlvBodies;
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

    /**
     * Chunk size, as announced to the peer: large, so that chunk headers are rare; some old players fail with 65,536
     * and more.
     */
    public static final int CHUNK_SIZE = 60_000;

    /** The AMF0 string {@code @setDataFrame}, which publishers put in front of the metadata. */
    private static final byte[] SET_DATA_FRAME = "\2\0\15@setDataFrame".getBytes(StandardCharsets.ISO_8859_1);

    /** The format for a player. */
    public static RtmpMessageFormat playing(int messageStreamId) {
        return new RtmpMessageFormat(messageStreamId, true, true, false);
    }

    /** The format for a server to which the stream is pushed. */
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
        // RTMP has no file header, but players want the metadata first.
        ByteBuf description = FlvBodies.description(tracks);
        if (description.isReadable()) {
            metadata(description, out);
        }
    }

    @Override
    public void configuration(Track track, long dts, ByteBuf out) {
        ByteBuf body = FlvBodies.configuration(track);
        if (!body.isReadable() || !carries(track.kind())) {
            return;
        }
        if (track.kind() == TrackKind.DATA) {
            metadata(body, out);
        } else {
            ChunkEncoder.encode(header(track.kind(), track.headerTime(dts)), body, CHUNK_SIZE, out);
        }
    }

    private void metadata(ByteBuf body, ByteBuf out) {
        ChunkEncoder.Header header = header(TrackKind.DATA, 0);
        int prefix = publishing ? SET_DATA_FRAME.length : 0;
        ChunkEncoder.begin(header, prefix + body.readableBytes(), out);
        out.writeBytes(SET_DATA_FRAME, 0, prefix);
        ChunkEncoder.finish(header, prefix, body, CHUNK_SIZE, out);
    }

    @Override
    public Track announced(Track track, Set<TrackKind> kinds) {
        return OnMetaData.announced(track, kinds);
    }

    @Override
    public void packet(MediaPacket packet, ByteBuf out) {
        int headerBytes = FlvBodies.headerBytes(packet);
        if (headerBytes < 0 || !carries(packet.track().kind())) {
            return;
        }
        ChunkEncoder.Header header = header(packet.track().kind(), packet.dts());
        if (headerBytes == 0) {
            ChunkEncoder.encode(header, packet.bytes(), CHUNK_SIZE, out);
        } else {
            ChunkEncoder.begin(header, headerBytes + packet.bytes().readableBytes(), out);
            FlvBodies.writeHeader(packet, out);
            ChunkEncoder.finish(header, headerBytes, packet.bytes(), CHUNK_SIZE, out);
        }
    }

    @Override
    public boolean carries(Track track) {
        return carries(track.kind()) && FlvBodies.carries(track);
    }

    @Override
    public boolean holdsPackets() {
        return audio && video;
    }

    @Override
    public int trailer(MediaPacket packet) {
        int headerBytes = FlvBodies.headerBytes(packet);
        boolean whole = headerBytes >= 0 && headerBytes + packet.bytes().readableBytes() <= CHUNK_SIZE;
        return whole && carries(packet.track().kind()) ? 0 : -1;
    }

    @Override
    public boolean isUncommon() {
        // Pushes and their message stream ids are chosen by the configuration and the target, not by players.
        return !publishing && !(audio && video && messageStreamId == 1);
    }

    @Override
    public int overhead(int bytes) {
        int most = FlvBodies.MOST_HEADER_BYTES;
        return most + ChunkEncoder.overhead(bytes + most, CHUNK_SIZE);
    }

    @Override
    public boolean carries(TrackKind kind) {
        return switch (kind) {
            case AUDIO -> audio;
            case VIDEO -> video;
            case DATA -> true;
        };
    }

    private ChunkEncoder.Header header(TrackKind kind, long dts) {
        int timestamp = (int) Math.floorDiv(dts, 1000);
        return switch (kind) {
            case AUDIO -> new ChunkEncoder.Header(ChunkEncoder.AUDIO, MessageType.AUDIO, timestamp, messageStreamId);
            case VIDEO -> new ChunkEncoder.Header(ChunkEncoder.VIDEO, MessageType.VIDEO, timestamp, messageStreamId);
            case DATA -> new ChunkEncoder.Header(ChunkEncoder.DATA, MessageType.DATA, timestamp, messageStreamId);
        };
    }
}
