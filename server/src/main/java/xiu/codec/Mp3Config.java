package xiu.codec;

import xiu.codec.audio.Mp3Header;

/**
 * MPEG audio of layer 1, 2 or 3, as its frames' headers tell.
 *
 * @param layer 1, 2 or 3
 * @param sampleRate Hz
 * @param channels 1 or 2
 */
public record Mp3Config(int layer, int sampleRate, int channels) implements CodecConfig {
    /** Of a frame's header. */
    public static Mp3Config of(Mp3Header header) {
        return new Mp3Config(header.layer(), header.sampleRate(), header.channels());
    }

    @Override
    public String codecName() {
        return layer == 3 ? "mp3" : "mp" + layer;
    }
}
