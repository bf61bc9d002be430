package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import xiu.codec.AudioConfig;
import xiu.codec.VideoConfig;
import xiu.codec.video.VideoFormat;
import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfValue;
import xiu.media.Track;

/**
 * Writes {@code onMetaData} from codec configurations (Adobe FLV specification 10.1 §E.5; codecs of Enhanced RTMP by
 * their FourCC as a number). Only what is known is written.
 */
final class StreamDescription {
    private StreamDescription() {}

    /** The metadata for the first video and the first audio track; empty when FLV carries neither. */
    static ByteBuf of(List<Track> tracks) {
        AmfFields fields = AmfValue.fields();
        for (Track track : tracks) {
            if (!FlvBodies.carries(track) || track.number() != 0) {
                continue;
            }
            double codec = FlvCodecs.numberInMetadata(FlvCodecs.of(track.config()));
            switch (track.kind()) {
                case VIDEO -> {
                    fields.put("videocodecid", codec);
                    if (track.config() instanceof VideoConfig video) {
                        video(video.format(), fields);
                    }
                }
                case AUDIO -> {
                    fields.put("audiocodecid", codec);
                    if (track.config() instanceof AudioConfig audio) {
                        fields.put("audiosamplerate", audio.outputSampleRate());
                        fields.put("audiochannels", audio.outputChannels());
                        fields.put("stereo", audio.outputChannels() > 1);
                    }
                }
                case DATA -> {}
            }
        }
        if (fields.size() == 0) {
            return Unpooled.EMPTY_BUFFER;
        }
        ByteBuf out = Unpooled.buffer();
        OnMetaData.write(fields.ecmaArray(), out);
        return out;
    }

    private static void video(VideoFormat format, AmfFields fields) {
        if (format.width() > 0 && format.height() > 0) {
            fields.put("width", format.width()).put("height", format.height());
        }
        if (format.frameRate().known()) {
            fields.put("framerate", format.frameRate().value());
        }
    }
}
