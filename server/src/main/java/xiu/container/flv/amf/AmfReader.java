package xiu.container.flv.amf;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MalformedDataException;

/**
 * AMF0 bytes to values (Adobe AMF0 specification §2), with the switch to AMF3 (§3.1). Nesting and size are limited, and
 * memory is never reserved for an announced count. Reads from the buffer's reader index; the caller keeps the buffer.
 * Confined to one thread; references are valid for all values read by one reader.
 */
public final class AmfReader {
    static final int NUMBER = 0;
    static final int BOOLEAN = 1;
    /** The type of a string. */
    public static final int STRING = 2;

    static final int OBJECT = 3;
    static final int NULL = 5;
    static final int UNDEFINED = 6;
    static final int REFERENCE = 7;
    static final int ECMA_ARRAY = 8;
    static final int OBJECT_END = 9;
    static final int STRICT_ARRAY = 10;
    static final int DATE = 11;
    static final int LONG_STRING = 12;
    static final int UNSUPPORTED = 13;
    static final int XML_DOCUMENT = 15;
    static final int TYPED_OBJECT = 16;
    static final int AMF3 = 17;

    private final AmfInput in;
    private final AmfInput.References references;
    private @Nullable Amf3Reader amf3;

    /** Reads the readable bytes; borrowed, the reader index moves. */
    public AmfReader(ByteBuf bytes) {
        this(bytes, AmfLimits.defaults());
    }

    /** Reads the readable bytes within these limits; borrowed, the reader index moves. */
    public AmfReader(ByteBuf bytes, AmfLimits limits) {
        this.in = new AmfInput(bytes, limits);
        this.references = in.new References();
    }

    /** Whether there are bytes left. */
    public boolean hasNext() {
        return in.remaining() > 0;
    }

    /**
     * The next value.
     *
     * @throws MalformedDataException when it is cut short, of no known type, or beyond a limit
     */
    public AmfValue read() {
        in.enter();
        AmfValue value = value(in.uint8());
        in.leave();
        return value;
    }

    /** The next value, which must be a string, such as a command's name. */
    public String readText() {
        AmfValue value = read();
        if (value instanceof AmfValue.Text text) {
            return text.value();
        }
        throw MalformedDataException.of("AMF value", value.getClass().getSimpleName(), "a string");
    }

    /** The next value, which must be a number, such as a transaction id. */
    public double readNumber() {
        AmfValue value = read();
        if (value instanceof AmfValue.Number number) {
            return number.value();
        }
        throw MalformedDataException.of("AMF value", value.getClass().getSimpleName(), "a number");
    }

    /** All values up to the end. */
    public List<AmfValue> readAll() {
        List<AmfValue> values = new ArrayList<>();
        while (hasNext()) {
            values.add(read());
        }
        return List.copyOf(values);
    }

    private AmfValue value(int marker) {
        return switch (marker) {
            case NUMBER -> new AmfValue.Number(in.float64());
            case BOOLEAN -> new AmfValue.Bool(in.uint8() != 0);
            case STRING -> new AmfValue.Text(in.utf8(in.uint16()));
            case OBJECT -> object();
            case NULL -> AmfValue.Nothing.NULL;
            case UNDEFINED -> AmfValue.Nothing.UNDEFINED;
            case REFERENCE -> references.resolve(in.uint16());
            case ECMA_ARRAY -> ecmaArray();
            case STRICT_ARRAY -> strictArray();
            case DATE -> new AmfValue.Date(in.float64(), in.int16());
            case LONG_STRING -> new AmfValue.Text(in.utf8(in.uint32()));
            case UNSUPPORTED -> AmfValue.Nothing.UNSUPPORTED;
            case XML_DOCUMENT -> new AmfValue.Xml(in.utf8(in.uint32()));
            case TYPED_OBJECT -> typedObject();
            case AMF3 -> amf3();
            default -> throw MalformedDataException.of("AMF0 marker", marker, "0 to 17, no movie clip or record set");
        };
    }

    private AmfValue object() {
        AmfInput.Reference reference = references.begin();
        return reference.finish(allFields().object());
    }

    private AmfValue typedObject() {
        AmfInput.Reference reference = references.begin();
        String className = in.utf8(in.uint16());
        return reference.finish(allFields().typedObject(className));
    }

    /**
     * The count is only a hint, which many writers get wrong. Some leave out the end marker at the end of the message.
     */
    private AmfValue ecmaArray() {
        AmfInput.Reference reference = references.begin();
        long count = in.uint32();
        AmfFields fields = new AmfFields();
        boolean more = true;
        while (more && (in.remaining() > 0 || fields.size() < count)) {
            more = field(fields);
        }
        return reference.finish(fields.ecmaArray());
    }

    private AmfValue strictArray() {
        AmfInput.Reference reference = references.begin();
        long count = in.uint32();
        if (count > in.remaining()) {
            throw MalformedDataException.of("AMF strict array", count + " values", "at most " + in.remaining());
        }
        List<AmfValue> values = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            values.add(read());
        }
        return reference.finish(new AmfValue.StrictArray(List.copyOf(values)));
    }

    private AmfValue amf3() {
        Amf3Reader reader = amf3;
        if (reader == null) {
            reader = new Amf3Reader(in);
            amf3 = reader;
        }
        return reader.read();
    }

    private AmfFields allFields() {
        AmfFields fields = new AmfFields();
        boolean more = true;
        while (more) {
            more = field(fields);
        }
        return fields;
    }

    /** One name and its value; false at the end, which is an empty name and the end marker. */
    private boolean field(AmfFields fields) {
        int length = in.uint16();
        if (length == 0 && in.peek() == OBJECT_END) {
            in.uint8();
            return false;
        }
        String name = in.utf8(length);
        fields.put(name, read());
        return true;
    }
}
