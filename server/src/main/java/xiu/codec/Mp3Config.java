package xiu.codec;

import io.netty.buffer.ByteBuf;
import xiu.codec.audio.Mp3Header;

/**
 * MPEG audio of layer 1, 2 or 3, from its frames' headers.
 *
 * @param layer 1, 2 or 3
 * @param sampleRate Hz
 * @param channels 1 or 2
 */
public record Mp3Config(int layer, int sampleRate, int channels) implements AudioConfig {
    /** Of a frame's header. */
    public static Mp3Config of(Mp3Header header) {
        return new Mp3Config(header.layer(), header.sampleRate(), header.channels());
    }

    @Override
    public String codecName() {
        return layer == 3 ? "mp3" : "mp" + layer;
    }

    /** The name of the MPEG-4 audio object type (ISO/IEC 14496-3 table 1.17): 32, 33 and 34 are the layers. */
    @Override
    public String codecString() {
        return "mp4a.40." + (31 + layer);
    }

    @Override
    public void write(ByteBuf out) {
        // Each frame's header says all.
    }
}
