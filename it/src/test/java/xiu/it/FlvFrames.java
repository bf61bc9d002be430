package xiu.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The tags of FLV as they come by HTTP or from a file. Confined to one thread. */
final class FlvFrames {
    private static final int FILE_HEADER = 9 + 4;
    private static final int TAG_HEADER = 11;

    private final Consumer<RawRtmp.Frame> output;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean headSeen;
    private boolean begun;

    /** Gives each tag to {@code output}. */
    FlvFrames(Consumer<RawRtmp.Frame> output) {
        this.output = output;
    }

    /** The same for bytes that come without the head of an HTTP answer. */
    static FlvFrames withoutHead(Consumer<RawRtmp.Frame> output) {
        FlvFrames reader = new FlvFrames(output);
        reader.headSeen = true;
        return reader;
    }

    /** All tags of a file; metadata has type 18. */
    static List<RawRtmp.Frame> of(Path flv) {
        try {
            List<RawRtmp.Frame> frames = new ArrayList<>();
            withoutHead(frames::add).accept(ByteBuffer.wrap(Files.readAllBytes(flv)));
            return frames;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All tags of a clip, as ffmpeg sends them. */
    static List<RawRtmp.Frame> ofClip(Path clip) {
        Path flv = Workspace.temporary("flv").resolve("clip.flv");
        MediaTools.ffmpeg(Duration.ofSeconds(20), "-i", clip.toString(), "-c", "copy", flv.toString());
        return of(flv);
    }

    /** The next part of an HTTP answer. */
    void accept(ByteBuffer part) {
        pending.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
        byte[] bytes = pending.toByteArray();
        int at = 0;
        if (!headSeen) {
            int end = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            headSeen = true;
            at = end + 4;
        }
        if (!begun && bytes.length - at >= FILE_HEADER) {
            begun = true;
            at += FILE_HEADER;
        }
        while (begun && bytes.length - at >= TAG_HEADER) {
            ByteBuffer tag = ByteBuffer.wrap(bytes, at, bytes.length - at);
            int size = tag.getInt(at) & 0xFFFFFF;
            if (tag.remaining() < TAG_HEADER + size + 4) {
                break;
            }
            int time = tag.getInt(at + 4) >>> 8 | (bytes[at + 7] & 0xFF) << 24;
            byte[] body = Arrays.copyOfRange(bytes, at + TAG_HEADER, at + TAG_HEADER + size);
            output.accept(new RawRtmp.Frame(bytes[at], time, body));
            at += TAG_HEADER + size + 4;
        }
        pending.reset();
        pending.write(bytes, at, bytes.length - at);
    }

    /** Whether it is a picture, and no configuration. */
    static boolean isPicture(RawRtmp.Frame frame) {
        return frame.type() == RawRtmp.VIDEO && frame.body()[1] == 1;
    }

    /**
     * Whether it tells how to decode or show what follows: a sequence header, or Enhanced RTMP's colours and channels.
     */
    static boolean isConfiguration(RawRtmp.Frame frame) {
        return packetType(frame) == 0 || isExtended(frame) && packetType(frame) == 4;
    }

    /** Whether it holds coded pictures or sound. */
    static boolean isMedia(RawRtmp.Frame frame) {
        return frame.type() != RawRtmp.DATA && !isConfiguration(frame) && packetType(frame) != 2;
    }

    /** Whether a decoder can begin with this picture. */
    static boolean isKeyPicture(RawRtmp.Frame frame) {
        return frame.type() == RawRtmp.VIDEO && isMedia(frame) && (frame.body()[0] >> 4 & 7) == 1;
    }

    /** 0 for a sequence header, 2 for its end; 1 for media, and for codecs whose tags do not say. */
    private static int packetType(RawRtmp.Frame frame) {
        int first = frame.body()[0] & 0xFF;
        if (isExtended(frame)) {
            return first & 0xF;
        }
        boolean says = switch (frame.type()) {
            case RawRtmp.VIDEO -> (first & 0xF) == 7 || (first & 0xF) == 12;
            case RawRtmp.AUDIO -> first >> 4 == 10;
            default -> false;
        };
        return says ? frame.body()[1] : 1;
    }

    private static boolean isExtended(RawRtmp.Frame frame) {
        int first = frame.body()[0] & 0xFF;
        return frame.type() == RawRtmp.VIDEO && first >= 0x80 || frame.type() == RawRtmp.AUDIO && first >> 4 == 9;
    }

    /** What tells one picture from another. */
    static int mark(RawRtmp.Frame frame) {
        return Arrays.hashCode(frame.body());
    }
}
