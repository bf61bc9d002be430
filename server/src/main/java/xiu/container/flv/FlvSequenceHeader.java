package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import xiu.codec.AacConfig;
import xiu.codec.Ac3Config;
import xiu.codec.ColorConfig;
import xiu.codec.Eac3Config;
import xiu.codec.FlacConfig;
import xiu.codec.G711Config;
import xiu.codec.Mp3Config;
import xiu.codec.OpaqueConfig;
import xiu.codec.OpusConfig;
import xiu.codec.VideoConfig;
import xiu.codec.VvcConfig;
import xiu.media.Track;

/**
 * Writes sequence headers: the bodies of tags that carry a decoder's configuration (Adobe FLV specification 10.1 §E.4.2.2
 * and §E.4.3.2; Enhanced RTMP v2, "SequenceStart"). {@link FlvConfigs} reads them.
 */
final class FlvSequenceHeader {
    private FlvSequenceHeader() {}

    /** The sequence header of a track that FLV carries; empty when the codec needs none. */
    static ByteBuf of(Track track) {
        int codec = FlvCodecs.of(track.config());
        int number = track.number();
        ByteBuf out = Unpooled.buffer();
        switch (track.config()) {
            case VvcConfig vvc -> {
                FlvTagHeader.videoSequence(codec, number, out);
                // The record alone, without the version and flags that its box has in front.
                out.writeBytes(vvc.raw(), vvc.raw().readerIndex(), vvc.raw().readableBytes());
            }
            case VideoConfig video -> {
                FlvTagHeader.videoSequence(codec, number, out);
                video.write(out);
            }
            case AacConfig aac -> {
                FlvTagHeader.audioSequence(codec, number, out);
                aac.write(out);
            }
            case OpusConfig opus -> {
                FlvTagHeader.audioSequence(codec, number, out);
                opus.writeHeader(out);
            }
            case FlacConfig flac -> {
                FlvTagHeader.audioSequence(codec, number, out);
                flac.writeStream(out);
            }
            case Mp3Config mp3 -> {}
            case Ac3Config ac3 -> {}
            case Eac3Config eac3 -> {}
            case G711Config g711 -> {}
            case ColorConfig color -> {}
            case OpaqueConfig other -> {}
        }
        return out;
    }
}
