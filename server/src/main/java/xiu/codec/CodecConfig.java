package xiu.codec;

/** What a decoder needs before the first sample. Immutable: a changed configuration is a new value, and a new track. */
public sealed interface CodecConfig permits VideoConfig, AudioConfig, ColorConfig, OpaqueConfig {
    /** The codec's usual name in logs and playlists, such as {@code h264} or {@code aac}. */
    String codecName();
}
