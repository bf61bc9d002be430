package xiu.container.flv.amf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects named values for an object or an ECMA array; used once. */
public final class AmfFields {
    private final Map<String, AmfValue> fields = new LinkedHashMap<>();

    AmfFields() {}

    /** Adds a string. */
    public AmfFields put(String name, String value) {
        return put(name, AmfValue.of(value));
    }

    /** Adds a number. */
    public AmfFields put(String name, double value) {
        return put(name, AmfValue.of(value));
    }

    /** Adds a truth value. */
    public AmfFields put(String name, boolean value) {
        return put(name, AmfValue.of(value));
    }

    /** Adds any value. */
    public AmfFields put(String name, AmfValue value) {
        fields.put(name, value);
        return this;
    }

    /** The fields as an anonymous object. */
    public AmfValue.Object object() {
        return new AmfValue.Object(Collections.unmodifiableMap(fields));
    }

    /** The fields as an associative array. */
    public AmfValue.EcmaArray ecmaArray() {
        return new AmfValue.EcmaArray(Collections.unmodifiableMap(fields));
    }

    AmfValue.TypedObject typedObject(String className) {
        return new AmfValue.TypedObject(className, Collections.unmodifiableMap(fields));
    }

    /** How many there are. */
    public int size() {
        return fields.size();
    }
}
