package xiu.container.flv.amf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Values to AMF0 bytes (Adobe AMF0 specification §2), value after value:
 *
 * <pre>{@code
 * new AmfWriter(out).text("onStatus").number(0).nothing().value(AmfValue.fields().put("level", "status").object());
 * }</pre>
 */
public final class AmfWriter {
    private static final int MAX_SHORT = 0xFFFF;

    private final ByteBuf out;

    /** Appends to a buffer that the caller keeps. */
    public AmfWriter(ByteBuf out) {
        this.out = out;
    }

    /** Writes a string; as a long one where it is too long for a short one. */
    public AmfWriter text(String value) {
        int length = ByteBufUtil.utf8Bytes(value);
        if (length <= MAX_SHORT) {
            out.writeByte(AmfReader.STRING).writeShort(length);
        } else {
            out.writeByte(AmfReader.LONG_STRING).writeInt(length);
        }
        out.writeCharSequence(value, StandardCharsets.UTF_8);
        return this;
    }

    /** Writes a number. */
    public AmfWriter number(double value) {
        out.writeByte(AmfReader.NUMBER).writeDouble(value);
        return this;
    }

    /** Writes a truth value. */
    public AmfWriter bool(boolean value) {
        out.writeByte(AmfReader.BOOLEAN).writeBoolean(value);
        return this;
    }

    /** Writes null, which stands for "no command object". */
    public AmfWriter nothing() {
        out.writeByte(AmfReader.NULL);
        return this;
    }

    /**
     * Writes any value.
     *
     * @throws IllegalArgumentException when a name in it is longer than 65,535 bytes
     */
    public AmfWriter value(AmfValue value) {
        switch (value) {
            case AmfValue.Number number -> number(number.value());
            case AmfValue.Bool bool -> bool(bool.value());
            case AmfValue.Text text -> text(text.value());
            case AmfValue.Nothing nothing -> nothing(nothing);
            case AmfValue.Date date ->
                out.writeByte(AmfReader.DATE).writeDouble(date.millis()).writeShort(date.zone());
            case AmfValue.Xml xml -> {
                out.writeByte(AmfReader.XML_DOCUMENT).writeInt(ByteBufUtil.utf8Bytes(xml.value()));
                out.writeCharSequence(xml.value(), StandardCharsets.UTF_8);
            }
            case AmfValue.StrictArray array -> {
                out.writeByte(AmfReader.STRICT_ARRAY).writeInt(array.values().size());
                array.values().forEach(this::value);
            }
            case AmfValue.Object object -> {
                out.writeByte(AmfReader.OBJECT);
                fields(object.fields());
            }
            case AmfValue.EcmaArray array -> {
                out.writeByte(AmfReader.ECMA_ARRAY).writeInt(array.fields().size());
                fields(array.fields());
            }
            case AmfValue.TypedObject object -> {
                out.writeByte(AmfReader.TYPED_OBJECT);
                name(object.className());
                fields(object.fields());
            }
        }
        return this;
    }

    private void nothing(AmfValue.Nothing value) {
        out.writeByte(
                switch (value) {
                    case NULL -> AmfReader.NULL;
                    case UNDEFINED -> AmfReader.UNDEFINED;
                    case UNSUPPORTED -> AmfReader.UNSUPPORTED;
                });
    }

    private void fields(Map<String, AmfValue> fields) {
        fields.forEach((name, value) -> {
            name(name);
            value(value);
        });
        out.writeShort(0).writeByte(AmfReader.OBJECT_END);
    }

    private void name(String name) {
        int length = ByteBufUtil.utf8Bytes(name);
        if (length > MAX_SHORT) {
            throw new IllegalArgumentException("AMF name: " + length + " bytes (expected: at most " + MAX_SHORT + ")");
        }
        out.writeShort(length);
        out.writeCharSequence(name, StandardCharsets.UTF_8);
    }
}
