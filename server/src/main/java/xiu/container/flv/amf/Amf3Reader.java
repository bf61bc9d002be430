package xiu.container.flv.amf;

import java.util.ArrayList;
import java.util.List;
import xiu.bytes.MalformedDataException;

/**
 * AMF3 values behind AMF0's switch marker (Adobe AMF3 specification §3). Flash clients in AMF3 mode send them inside
 * commands. Vectors and dictionaries, which no media client sends, are refused.
 */
final class Amf3Reader {
    private static final int SIGN_29 = 1 << 28;

    private final AmfInput in;
    private final AmfInput.References references;
    private final List<String> strings = new ArrayList<>();
    private final List<Traits> traits = new ArrayList<>();

    /** What an object's class says about its fields (§3.12). */
    private record Traits(String className, boolean external, boolean dynamic, List<String> names) {}

    Amf3Reader(AmfInput in) {
        this.in = in;
        this.references = in.new References();
    }

    AmfValue read() {
        in.enter();
        AmfValue value = value(in.uint8());
        in.leave();
        return value;
    }

    private AmfValue value(int marker) {
        return switch (marker) {
            case 0x00 -> AmfValue.Nothing.UNDEFINED;
            case 0x01 -> AmfValue.Nothing.NULL;
            case 0x02 -> AmfValue.of(false);
            case 0x03 -> AmfValue.of(true);
            case 0x04 -> AmfValue.of(signed(uint29()));
            case 0x05 -> AmfValue.of(in.float64());
            case 0x06 -> AmfValue.of(string());
            case 0x07, 0x0B -> xml();
            case 0x08 -> date();
            case 0x09 -> array();
            case 0x0A -> object();
            case 0x0C -> byteArray();
            default -> throw MalformedDataException.of("AMF3 marker", marker, "0 to 12");
        };
    }

    /** One to four bytes of seven bits, the fourth of eight (§1.3.1). */
    private int uint29() {
        int value = 0;
        for (int i = 0; i < 3; i++) {
            int next = in.uint8();
            value = value << 7 | next & 0x7F;
            if (next < 0x80) {
                return value;
            }
        }
        return value << 8 | in.uint8();
    }

    private static int signed(int value) {
        return (value & SIGN_29) == 0 ? value : value - 2 * SIGN_29;
    }

    private String string() {
        int header = uint29();
        if ((header & 1) == 0) {
            int number = header >> 1;
            if (number >= strings.size()) {
                throw MalformedDataException.of("AMF3 string reference", number, "below " + strings.size());
            }
            String text = strings.get(number);
            in.weigh(text.length());
            return text;
        }
        String text = in.utf8(header >> 1);
        if (!text.isEmpty()) {
            strings.add(text);
        }
        return text;
    }

    private AmfValue xml() {
        int header = uint29();
        if ((header & 1) == 0) {
            return references.resolve(header >> 1);
        }
        return references.begin().finish(new AmfValue.Xml(in.utf8(header >> 1)));
    }

    private AmfValue date() {
        int header = uint29();
        if ((header & 1) == 0) {
            return references.resolve(header >> 1);
        }
        return references.begin().finish(new AmfValue.Date(in.float64(), 0));
    }

    private AmfValue byteArray() {
        int header = uint29();
        if ((header & 1) == 0) {
            return references.resolve(header >> 1);
        }
        in.skip(header >> 1);
        return references.begin().finish(AmfValue.Nothing.UNDEFINED);
    }

    /** Named values first, up to an empty name, then the dense ones (§3.11). With names it becomes an ECMA array. */
    private AmfValue array() {
        int header = uint29();
        if ((header & 1) == 0) {
            return references.resolve(header >> 1);
        }
        AmfInput.Reference reference = references.begin();
        AmfFields fields = new AmfFields();
        for (String name = string(); !name.isEmpty(); name = string()) {
            fields.put(name, read());
        }
        int count = header >> 1;
        if (count > in.remaining()) {
            throw MalformedDataException.of("AMF3 array", count + " values", "at most " + in.remaining());
        }
        List<AmfValue> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(read());
        }
        if (fields.size() == 0) {
            return reference.finish(new AmfValue.StrictArray(List.copyOf(values)));
        }
        for (int i = 0; i < count; i++) {
            fields.put(Integer.toString(i), values.get(i));
        }
        return reference.finish(fields.ecmaArray());
    }

    private AmfValue object() {
        int header = uint29();
        if ((header & 1) == 0) {
            return references.resolve(header >> 1);
        }
        AmfInput.Reference reference = references.begin();
        Traits shape = traits(header);
        if (shape.external) {
            return reference.finish(external(shape.className));
        }
        AmfFields fields = new AmfFields();
        for (String name : shape.names) {
            fields.put(name, read());
        }
        if (shape.dynamic) {
            for (String name = string(); !name.isEmpty(); name = string()) {
                fields.put(name, read());
            }
        }
        return reference.finish(shape.className.isEmpty() ? fields.object() : fields.typedObject(shape.className));
    }

    private Traits traits(int header) {
        if ((header & 2) == 0) {
            int number = header >> 2;
            if (number >= traits.size()) {
                throw MalformedDataException.of("AMF3 traits reference", number, "below " + traits.size());
            }
            return traits.get(number);
        }
        boolean external = (header & 4) != 0;
        boolean dynamic = (header & 8) != 0;
        int count = external ? 0 : header >> 4;
        String className = string();
        if (count > in.remaining()) {
            throw MalformedDataException.of("AMF3 class", count + " fields", "at most " + in.remaining());
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(string());
        }
        Traits shape = new Traits(className, external, dynamic, List.copyOf(names));
        traits.add(shape);
        return shape;
    }

    /** Two classes of Flex contain one value; only the code of any other class could read its bytes. */
    private AmfValue external(String className) {
        if (className.equals("flex.messaging.io.ArrayCollection")
                || className.equals("flex.messaging.io.ObjectProxy")) {
            return read();
        }
        throw MalformedDataException.of("AMF3 externalizable class", "unknown", "ArrayCollection or ObjectProxy");
    }
}
