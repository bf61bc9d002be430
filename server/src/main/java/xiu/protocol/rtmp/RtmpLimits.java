package xiu.protocol.rtmp;

import java.time.Duration;
import xiu.container.flv.amf.AmfLimits;
import xiu.protocol.rtmp.wire.ChunkLimits;
import xiu.protocol.rtmp.wire.MessageMemory;

/**
 * The keys of {@code [limits]} that begin with {@code rtmp_}: what an RTMP peer may cost.
 *
 * @param chunkSize largest chunk size that a peer may announce, in bytes
 * @param mediaBytes longest audio, video, data or aggregate message, in bytes
 * @param commandBytes longest command or control message, in bytes
 * @param chunkStreams chunk streams of one connection
 * @param messageStreams message streams ({@code createStream}) of one connection
 * @param connectTimeout time from the handshake to {@code publish} or {@code play}
 * @param amfDepth AMF values within values, in commands and data messages
 * @param amfBytes what the AMF values of one message weigh together: 16 for each, and the bytes of its strings
 * @param amfStringBytes longest AMF string, name or document, in bytes
 * @param messageTimeout time from the first byte of a message to its last
 * @param unfinishedBytes memory for the unfinished messages of all connections; 0: an eighth of the direct memory that
 *     the JVM may take
 */
public record RtmpLimits(
        int chunkSize,
        int mediaBytes,
        int commandBytes,
        int chunkStreams,
        int messageStreams,
        Duration connectTimeout,
        int amfDepth,
        int amfBytes,
        int amfStringBytes,
        Duration messageTimeout,
        long unfinishedBytes) {

    private static final RtmpLimits DEFAULTS = new RtmpLimits(
            16 << 20,
            8 << 20,
            64 << 10,
            64,
            16,
            Duration.ofSeconds(15),
            AmfLimits.defaults().depth(),
            AmfLimits.defaults().bytes(),
            AmfLimits.defaults().stringBytes(),
            Duration.ofSeconds(30),
            0);

    public RtmpLimits {
        within("chunk_size", chunkSize, 65_536, Integer.MAX_VALUE);
        within("media_bytes", mediaBytes, 64 << 10, 0xFFFFFF);
        within("command_bytes", commandBytes, 4 << 10, 0xFFFFFF);
        within("chunk_streams", chunkStreams, 8, 65_598);
        within("message_streams", messageStreams, 1, 1_024);
        within("connect_timeout", connectTimeout);
        // More levels could use up the stack of an event loop.
        within("amf_depth", amfDepth, 8, 256);
        within("amf_bytes", amfBytes, 4 << 10, 64 << 20);
        within("amf_string_bytes", amfStringBytes, 1 << 10, 0xFFFFFF);
        within("message_timeout", messageTimeout);
        if (unfinishedBytes != 0 && (unfinishedBytes < 1 << 20 || unfinishedBytes > 1L << 46)) {
            throw new IllegalArgumentException("unfinished_bytes: " + unfinishedBytes + " (expected: 0, or " + (1 << 20)
                    + " to " + (1L << 46) + ")");
        }
    }

    private static void within(String key, Duration time) {
        if (time.compareTo(Duration.ofMillis(100)) < 0 || time.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(key + ": " + time.toMillis() + " ms (expected: 100 ms to 1 h)");
        }
    }

    private static void within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }

    /** What AMF values may cost. */
    public AmfLimits amf() {
        return new AmfLimits(amfDepth, amfBytes, amfStringBytes);
    }

    /** The same as limits of one connection, which shares no memory with others yet. */
    public ChunkLimits chunks() {
        return new ChunkLimits(
                chunkSize,
                mediaBytes,
                commandBytes,
                chunkStreams,
                messageTimeout,
                amf(),
                new MessageMemory(Long.MAX_VALUE));
    }

    /** The values of keys that the configuration does not name. */
    public static RtmpLimits defaults() {
        return DEFAULTS;
    }
}
