package xiu.codec;

import xiu.codec.video.ColorDescription;

/**
 * The colours of a video track, where they come beside its configuration: Enhanced RTMP's {@code colorInfo}, which
 * encoders send for HDR.
 *
 * @param color of the pictures
 */
public record ColorConfig(ColorDescription color) implements CodecConfig {
    @Override
    public String codecName() {
        return "description";
    }
}
