package xiu.protocol.rtmp;

import java.util.List;
import xiu.bytes.MalformedDataException;
import xiu.container.flv.amf.AmfValue;

/**
 * What a client asks for and a server answers (RTMP 1.0 §7.2). Missing arguments have the value that clients leave out;
 * {@code transaction} 0 means that no answer is wanted.
 */
public sealed interface RtmpCommand {
    double transaction();

    record Connect(double transaction, AmfValue.Fields object) implements RtmpCommand {
        public String text(String property) {
            return object.text(property).orElse("");
        }

        /** Whether the client has come to publish: encoders say one of these, or both. */
        public boolean announcesPublisher() {
            return text("type").equals("nonprivate") || text("flashVer").startsWith("FMLE/");
        }
    }

    /** A command about the message stream that it came on. */
    sealed interface OnStream extends RtmpCommand {}

    record CreateStream(double transaction) implements RtmpCommand {}

    record DeleteStream(double transaction, int messageStreamId) implements RtmpCommand {}

    /** {@code name} may have a query. */
    record Publish(double transaction, String name) implements OnStream {}

    /** Start and duration, which choose a part of a recording, are not read: a live stream has none. */
    record Play(double transaction, String name, boolean reset) implements OnStream {}

    record Pause(double transaction, boolean paused) implements OnStream {}

    record Seek(double transaction) implements OnStream {}

    record ReceiveAudio(double transaction, boolean wanted) implements OnStream {}

    record ReceiveVideo(double transaction, boolean wanted) implements OnStream {}

    record CloseStream(double transaction) implements OnStream {}

    record FcPublish(double transaction, String name) implements RtmpCommand {}

    record FcUnpublish(double transaction, String name) implements RtmpCommand {}

    record FcSubscribe(double transaction, String name) implements RtmpCommand {}

    record StreamLength(double transaction) implements RtmpCommand {}

    /** {@code releaseStream}, {@code _checkbw} and the like, which only need a positive answer. */
    record Courtesy(double transaction) implements RtmpCommand {}

    /** {@code _result} or {@code _error}. */
    record Reply(double transaction, boolean failed, AmfValue.Fields properties, AmfValue value)
            implements RtmpCommand {
        public AmfValue.Fields information() {
            return fields(value);
        }
    }

    record Status(double transaction, AmfValue.Fields information) implements RtmpCommand {
        public String code() {
            return information.text("code").orElse("");
        }
    }

    record Unknown(double transaction, String name) implements RtmpCommand {}

    /** Reads the values of a command message: name, transaction, command object, arguments. */
    static RtmpCommand parse(List<AmfValue> values) {
        if (!(at(values, 0) instanceof AmfValue.Text text)) {
            throw MalformedDataException.of(
                    "command name", at(values, 0).getClass().getSimpleName(), "a string");
        }
        String name = text.value();
        double transaction = number(at(values, 1));
        AmfValue first = at(values, 3);
        return switch (name) {
            case "connect" -> new Connect(transaction, fields(at(values, 2)));
            case "createStream" -> new CreateStream(transaction);
            case "deleteStream" -> new DeleteStream(transaction, (int) number(first));
            case "publish" -> new Publish(transaction, text(first));
            case "play" -> new Play(transaction, text(first), isTrue(at(values, 6)));
            case "pause", "pauseRaw" -> new Pause(transaction, isTrue(first));
            case "seek" -> new Seek(transaction);
            case "receiveAudio" -> new ReceiveAudio(transaction, isTrue(first));
            case "receiveVideo" -> new ReceiveVideo(transaction, isTrue(first));
            case "closeStream" -> new CloseStream(transaction);
            case "FCPublish" -> new FcPublish(transaction, text(first));
            case "FCUnpublish" -> new FcUnpublish(transaction, text(first));
            case "FCSubscribe" -> new FcSubscribe(transaction, text(first));
            case "getStreamLength" -> new StreamLength(transaction);
            case "releaseStream", "_checkbw", "checkBandwidth", "FCUnsubscribe", "setDataFrame" ->
                new Courtesy(transaction);
            case "_result" -> new Reply(transaction, false, fields(at(values, 2)), first);
            case "_error" -> new Reply(transaction, true, fields(at(values, 2)), first);
            case "onStatus" -> new Status(transaction, fields(first));
            default -> new Unknown(transaction, name);
        };
    }

    private static AmfValue at(List<AmfValue> values, int index) {
        return index < values.size() ? values.get(index) : AmfValue.Nothing.NULL;
    }

    private static String text(AmfValue value) {
        return value instanceof AmfValue.Text(String text) ? text : "";
    }

    private static double number(AmfValue value) {
        return value instanceof AmfValue.Number(double number) ? number : 0;
    }

    /** The value of a flag; true when it is left out. */
    private static boolean isTrue(AmfValue value) {
        return !(value instanceof AmfValue.Bool(boolean flag)) || flag;
    }

    private static AmfValue.Fields fields(AmfValue value) {
        return value instanceof AmfValue.Fields fields
                ? fields
                : AmfValue.fields().object();
    }
}
