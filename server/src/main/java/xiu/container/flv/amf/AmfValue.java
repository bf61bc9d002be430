package xiu.container.flv.amf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A value of Action Message Format, as commands and script data carry it. Immutable.
 *
 * <p>AMF3 values are read into the same types; what AMF3 alone has (byte arrays) becomes {@link Nothing#UNDEFINED}.
 */
@SuppressWarnings("JavaLangClash") // the specification's names
public sealed interface AmfValue {
    /** A number; AMF0 knows only this kind. */
    record Number(double value) implements AmfValue {}

    /** A truth value. */
    record Bool(boolean value) implements AmfValue {}

    /** A string of any length. */
    record Text(String value) implements AmfValue {}

    /** An XML document, as text. */
    record Xml(String value) implements AmfValue {}

    /**
     * A point in time.
     *
     * @param millis since 1970, UTC
     * @param zone minutes; reserved, should be 0
     */
    record Date(double millis, int zone) implements AmfValue {}

    /** Values by position. */
    record StrictArray(List<AmfValue> values) implements AmfValue {}

    /** The absence of a value. */
    enum Nothing implements AmfValue {
        NULL,
        UNDEFINED,
        UNSUPPORTED
    }

    /** Values by name, in the order of the wire, whatever type they were written in. */
    sealed interface Fields extends AmfValue {
        /** By name, unmodifiable. */
        Map<String, AmfValue> fields();

        /** The value of a field, if it is there. */
        default Optional<AmfValue> get(String name) {
            return Optional.ofNullable(fields().get(name));
        }

        /** The value of a field that is a string. */
        default Optional<String> text(String name) {
            return fields().get(name) instanceof Text text ? Optional.of(text.value) : Optional.empty();
        }

        /** The value of a field that is a number. */
        default OptionalDouble number(String name) {
            return fields().get(name) instanceof Number number
                    ? OptionalDouble.of(number.value)
                    : OptionalDouble.empty();
        }

        /** Whether a field is there and true. */
        default boolean flag(String name) {
            return fields().get(name) instanceof Bool bool && bool.value;
        }
    }

    /** An anonymous object. */
    record Object(Map<String, AmfValue> fields) implements Fields {}

    /** An associative array, the usual shape of {@code onMetaData}. */
    record EcmaArray(Map<String, AmfValue> fields) implements Fields {}

    /** An object of a class. */
    record TypedObject(String className, Map<String, AmfValue> fields) implements Fields {}

    /** A string value. */
    static AmfValue of(String value) {
        return new Text(value);
    }

    /** A number value. */
    static AmfValue of(double value) {
        return new Number(value);
    }

    /** A truth value. */
    static AmfValue of(boolean value) {
        return new Bool(value);
    }

    /** Begins an anonymous object or an ECMA array. */
    static AmfFields fields() {
        return new AmfFields();
    }
}
