package xiu.codec;

/**
 * A codec that Xiu carries without understanding its configuration.
 *
 * @param codecName the codec's name, or the number or four-character code under which it came
 */
public record OpaqueConfig(String codecName) implements CodecConfig {}
