package xiu.it;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import xiu.container.flv.amf.AmfValue;
import xiu.container.flv.amf.AmfWriter;

/** A publisher of HEVC under the number 12, as encoders did before Enhanced RTMP; ffmpeg writes only the new form. */
final class OldHevc {
    private static final int NUMBER = 12;
    private static final int EXTENDED_HEADER = 5;
    private static final int COMPOSITION_TIME = 3;

    private OldHevc() {}

    /** Tags of Enhanced RTMP in the old form; those that had none are left out. */
    static List<RawRtmp.Frame> of(List<RawRtmp.Frame> tags) {
        return tags.stream().map(OldHevc::old).flatMap(Optional::stream).toList();
    }

    private static Optional<RawRtmp.Frame> old(RawRtmp.Frame tag) {
        if (tag.type() != RawRtmp.VIDEO) {
            return Optional.of(tag);
        }
        byte[] body = tag.body();
        String fourCc = new String(body, 1, EXTENDED_HEADER - 1, StandardCharsets.US_ASCII);
        if (!fourCc.equals("hvc1")) {
            throw new IllegalArgumentException("FourCC: " + fourCc + " (expected: hvc1)");
        }
        int frameType = body[0] >> 4 & 7;
        return switch (body[0] & 0xF) {
            case 0 -> Optional.of(old(tag, frameType, 0, new byte[COMPOSITION_TIME], EXTENDED_HEADER));
            case 1 -> {
                int rest = EXTENDED_HEADER + COMPOSITION_TIME;
                yield Optional.of(old(tag, frameType, 1, Arrays.copyOfRange(body, EXTENDED_HEADER, rest), rest));
            }
            case 3 -> Optional.of(old(tag, frameType, 1, new byte[COMPOSITION_TIME], EXTENDED_HEADER));
            default -> Optional.empty();
        };
    }

    private static RawRtmp.Frame old(RawRtmp.Frame tag, int frameType, int packetType, byte[] composition, int rest) {
        ByteBuf body = Unpooled.buffer();
        body.writeByte(frameType << 4 | NUMBER).writeByte(packetType).writeBytes(composition);
        body.writeBytes(tag.body(), rest, tag.body().length - rest);
        return new RawRtmp.Frame(tag.type(), tag.timestamp(), Arrays.copyOf(body.array(), body.readableBytes()));
    }

    /** Publishes tags as {@code live/name} in real time, and says goodbye. */
    static void publish(XiuProcess server, String name, List<RawRtmp.Frame> tags) {
        try (RawRtmp client = RawRtmp.publishing(server, name).await("NetStream.Publish.Start")) {
            long begin = System.nanoTime();
            for (RawRtmp.Frame tag : tags) {
                long due = begin + Duration.ofMillis(tag.timestamp()).toNanos();
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    client.read((int) Duration.ofNanos(left).toMillis() + 1);
                }
                if (tag.type() == RawRtmp.DATA) {
                    ByteBuf body = Unpooled.buffer();
                    new AmfWriter(body).text("@setDataFrame");
                    client.message(RawRtmp.DATA, 0, client.stream(), body.writeBytes(tag.body()));
                } else {
                    client.media(tag.type(), tag.timestamp(), tag.body());
                }
            }
            client.command(0, "FCUnpublish", 5, AmfValue.Nothing.NULL, AmfValue.of(name));
            client.await("onFCUnpublish");
        }
    }
}
