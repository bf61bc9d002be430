package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * The bodies of FLV tags and of RTMP's audio, video and data messages, for packets and tracks of any origin. A packet
 * that was published as such a body keeps it byte for byte. For a sample alone the tag header is made here, and for a
 * configuration alone the sequence header. Codecs that FLV has no name for are left out.
 */
public final class FlvBodies {
    /** No tag header that is made here is longer. */
    public static final int MOST_HEADER_BYTES = FlvTagHeader.MOST_BYTES;

    private static final int LEFT_OUT = -1;

    private FlvBodies() {}

    /** Whether the track's packets can be bodies. */
    public static boolean carries(Track track) {
        return track.isPublishedInFlv() || FlvTagHeader.fits(codec(track), track.number());
    }

    /**
     * How many bytes {@link #writeHeader} writes: 0 for what was published as a body.
     *
     * @return -1 when the packet cannot be a body
     */
    public static int headerBytes(MediaPacket packet) {
        Track track = packet.track();
        if (track.isPublishedInFlv()) {
            return 0;
        }
        int codec = codec(track);
        int number = track.number();
        if (!FlvTagHeader.fits(codec, number)) {
            return LEFT_OUT;
        }
        return track.kind() == TrackKind.VIDEO
                ? FlvTagHeader.videoBytes(codec, number, compositionMillis(packet))
                : FlvTagHeader.audioBytes(codec, number);
    }

    /** Writes what precedes {@link MediaPacket#bytes()} in the body of a packet that can be one. */
    public static void writeHeader(MediaPacket packet, ByteBuf out) {
        Track track = packet.track();
        if (track.isPublishedInFlv()) {
            return;
        }
        if (track.kind() == TrackKind.VIDEO) {
            FlvTagHeader.video(codec(track), track.number(), packet.keyFrame(), compositionMillis(packet), out);
        } else {
            FlvTagHeader.audio(codec(track), track, out);
        }
    }

    /** Data of other origins is no AMF0, and script tags can contain nothing else. */
    private static int codec(Track track) {
        return track.kind() == TrackKind.DATA ? FlvCodecs.NONE : FlvCodecs.of(track.config());
    }

    /**
     * The difference of the two times after rounding each to milliseconds as FLV does, so that rounding errors do not
     * add up.
     */
    private static int compositionMillis(MediaPacket packet) {
        return (int) (Math.floorDiv(packet.pts(), 1000L) - Math.floorDiv(packet.dts(), 1000L));
    }

    /**
     * The body that carries a track's configuration: sequence header or {@code onMetaData}.
     *
     * @return borrowed and never released; readers use absolute indices. Empty when the codec needs none
     */
    public static ByteBuf configuration(Track track) {
        ByteBuf published = track.flvHeader();
        if (published != null) {
            return published;
        }
        return carries(track) ? FlvSequenceHeader.of(track) : Unpooled.EMPTY_BUFFER;
    }

    /**
     * The {@code onMetaData} of a stream whose publisher has no metadata because it speaks no FLV.
     *
     * @return empty when the stream was published in FLV or RTMP: then it has what its publisher sent, or nothing
     */
    public static ByteBuf description(List<Track> tracks) {
        for (Track track : tracks) {
            if (track.isPublishedInFlv()) {
                return Unpooled.EMPTY_BUFFER;
            }
        }
        return tracks.isEmpty() ? Unpooled.EMPTY_BUFFER : StreamDescription.of(tracks);
    }
}
