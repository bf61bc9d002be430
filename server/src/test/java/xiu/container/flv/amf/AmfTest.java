package xiu.container.flv.amf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.bytes.LimitExceededException;
import xiu.bytes.MalformedDataException;
import xiu.container.flv.Bytes;

class AmfTest {
    private static final AmfValue ONE = AmfValue.of(1);
    private static final String N1 = "00 3ff0000000000000";

    /** Values whose AMF0 bytes are the only ones for them. */
    static Stream<Arguments> exactValues() {
        return Stream.of(
                Arguments.of(N1, ONE),
                Arguments.of("00 c0c8000000000000", AmfValue.of(-12288)),
                Arguments.of("0101", AmfValue.of(true)),
                Arguments.of("0100", AmfValue.of(false)),
                Arguments.of("02 0007 'connect'", AmfValue.of("connect")),
                Arguments.of("02 0000", AmfValue.of("")),
                Arguments.of("02 0002 'ä'", AmfValue.of("ä")),
                Arguments.of(
                        "03 0001 'a'" + N1 + "0000 09",
                        AmfValue.fields().put("a", 1).object()),
                Arguments.of("03 000009", AmfValue.fields().object()),
                Arguments.of(
                        "03 0000 05 000009",
                        AmfValue.fields().put("", AmfValue.Nothing.NULL).object()),
                Arguments.of("05", AmfValue.Nothing.NULL),
                Arguments.of("06", AmfValue.Nothing.UNDEFINED),
                Arguments.of("0d", AmfValue.Nothing.UNSUPPORTED),
                Arguments.of(
                        "08 00000001 0001 'a'" + N1 + "000009",
                        AmfValue.fields().put("a", 1).ecmaArray()),
                Arguments.of("0a 00000002 05" + N1, new AmfValue.StrictArray(List.of(AmfValue.Nothing.NULL, ONE))),
                Arguments.of("0b 4270000000000000 ffc4", new AmfValue.Date(1L << 40, -60)),
                Arguments.of("0f 00000004 '<a/>'", new AmfValue.Xml("<a/>")),
                Arguments.of(
                        "10 0001 'C' 0001 'a'" + N1 + "000009",
                        new AmfFields().put("a", 1).typedObject("C")));
    }

    @ParameterizedTest
    @MethodSource("exactValues")
    void readsAndWritesEachKindOfValue(String bytes, AmfValue value) {
        AmfReader reader = new AmfReader(Bytes.of(bytes));
        assertThat(reader.read()).isEqualTo(value);
        assertThat(reader.hasNext()).isFalse();
        ByteBuf out = Unpooled.buffer();
        new AmfWriter(out).value(value);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(ByteBufUtil.hexDump(Bytes.array(bytes)));
    }

    @ParameterizedTest
    @MethodSource("exactValues")
    void everyTruncationIsMalformed(String bytes, AmfValue value) {
        ByteBuf whole = Bytes.of(bytes);
        for (int length = 0; length < whole.readableBytes(); length++) {
            // Behind its last announced field an ECMA array may end with the message.
            boolean mayEnd = value instanceof AmfValue.EcmaArray && length == whole.readableBytes() - 3;
            AmfReader reader = new AmfReader(whole.slice(0, length));
            if (mayEnd) {
                assertThat(reader.read()).isEqualTo(value);
            } else {
                assertThatThrownBy(reader::read).as("%d bytes", length).isInstanceOf(MalformedDataException.class);
            }
        }
    }

    @Test
    void aLongStringIsWrittenAsOne() {
        String text = "x".repeat(65_536);
        ByteBuf out = Unpooled.buffer();
        new AmfWriter(out).text(text);
        assertThat(out.getByte(0)).isEqualTo((byte) 0x0C);
        assertThat(new AmfReader(out).readText()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000", "00000001", "00000009", "ffffffff"})
    void theCountOfAnEcmaArrayMayBeWrong(String count) {
        ByteBuf bytes = Bytes.of("08" + count + "0001 'a'" + N1 + "0001 'b' 0101 000009 05");
        AmfReader reader = new AmfReader(bytes);
        assertThat(reader.read())
                .isEqualTo(AmfValue.fields().put("a", 1).put("b", true).ecmaArray());
        assertThat(reader.read()).isEqualTo(AmfValue.Nothing.NULL);
    }

    @Test
    void referencesStandForTheComplexValuesBefore() {
        ByteBuf bytes = Bytes.of("03 0001 'a' 03 0001 'b'" + N1 + "000009 0001 'c' 07 0001 000009");
        AmfValue inner = AmfValue.fields().put("b", 1).object();
        assertThat(new AmfReader(bytes).read())
                .isEqualTo(AmfValue.fields().put("a", inner).put("c", inner).object());
    }

    @Test
    void aReferenceToItselfIsUndefined() {
        assertThat(new AmfReader(Bytes.of("03 0001 'a' 07 0000 000009")).read())
                .isEqualTo(
                        AmfValue.fields().put("a", AmfValue.Nothing.UNDEFINED).object());
    }

    @Test
    void referencesCannotDescribeATreeOfBillions() {
        ByteBuf bomb = Unpooled.buffer();
        bomb.writeBytes(Bytes.of("0a 00000040"));
        bomb.writeBytes(Bytes.of("0a 00000001 05"));
        for (int i = 1; i < 64; i++) {
            bomb.writeBytes(Bytes.of("0a 00000004"));
            for (int j = 0; j < 4; j++) {
                bomb.writeByte(7).writeShort(i);
            }
        }
        assertThatThrownBy(() -> new AmfReader(bomb).read())
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("AMF weight");
    }

    @Test
    void nestingIsLimited() {
        String closed = "0a00000001".repeat(31) + "05";
        assertThat(new AmfReader(Bytes.of(closed)).read()).isInstanceOf(AmfValue.StrictArray.class);
        assertThatThrownBy(() -> new AmfReader(Bytes.of("0a00000001" + closed)).read())
                .isInstanceOf(MalformedDataException.class)
                .hasMessage("AMF nesting: 33 (expected: at most 32)");
        assertThatThrownBy(() -> new AmfReader(Bytes.of("11" + "090301".repeat(40) + "01")).read())
                .hasMessageContaining("AMF nesting");
    }

    @ParameterizedTest
    @CsvSource({
        "rtmp_amf_depth, 0a00000001 0a00000001 05, 0a00000001 0a00000001 0a00000001 05",
        "rtmp_amf_bytes, 0a00000009 050505050505050505, 0a0000000a 05050505050505050505",
        "rtmp_amf_string_bytes, 02 0005 6162636465, 02 0006 616263646566",
        "rtmp_amf_string_bytes, 0c 00000005 6162636465, 0c 00000006 616263646566",
        "rtmp_amf_string_bytes, 03 0005 6162636465 05 000009, 03 0006 616263646566 05 000009",
        "rtmp_amf_string_bytes, 11 06 0b 6162636465, 11 06 0d 616263646566"
    })
    void eachLimitIsAsItIsSet(String limit, String most, String more) {
        AmfLimits limits = new AmfLimits(3, 160, 5);
        new AmfReader(Bytes.of(most), limits).read();
        assertThatThrownBy(() -> new AmfReader(Bytes.of(more), limits).read())
                .isInstanceOfSatisfying(
                        LimitExceededException.class,
                        exceeded -> assertThat(exceeded.limit()).isEqualTo(limit));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0a ffffffff", "0c ffffffff 'a'", "0f 7fffffff", "02 ffff 'a'", "0a 00000002 05", "07 0000"})
    void anAnnouncedSizeReservesNothing(String bytes) {
        assertThatThrownBy(() -> new AmfReader(Bytes.of(bytes)).read()).isInstanceOf(MalformedDataException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"04", "09", "0e", "12", "ff"})
    void unknownMarkersAreMalformed(String marker) {
        assertThatThrownBy(() -> new AmfReader(Bytes.of(marker + "00000000")).read())
                .isInstanceOf(MalformedDataException.class)
                .hasMessageStartingWith("AMF0 marker: ");
    }

    @Test
    void aCommandReadsAndWritesComfortably() {
        ByteBuf out = Unpooled.buffer();
        new AmfWriter(out)
                .text("connect")
                .number(1)
                .nothing()
                .bool(true)
                .value(AmfValue.fields()
                        .put("app", "live")
                        .put("encoding", 3)
                        .put("fpad", true)
                        .object());
        AmfReader reader = new AmfReader(out);
        assertThat(reader.readText()).isEqualTo("connect");
        assertThat(reader.readNumber()).isEqualTo(1.0);
        List<AmfValue> rest = reader.readAll();
        assertThat(rest).hasSize(3);
        AmfValue.Fields fields = (AmfValue.Fields) rest.get(2);
        assertThat(fields.text("app")).contains("live");
        assertThat(fields.text("encoding")).isEmpty();
        assertThat(fields.number("encoding")).hasValue(3);
        assertThat(fields.number("app")).isEmpty();
        assertThat(fields.flag("fpad")).isTrue();
        assertThat(fields.flag("app")).isFalse();
        assertThat(fields.get("nothing")).isEmpty();
        assertThatThrownBy(() -> new AmfReader(Bytes.of("05")).readText())
                .hasMessage("AMF value: Nothing (expected: a string)");
    }

    static Stream<Arguments> amf3Values() {
        return Stream.of(
                Arguments.of("00", AmfValue.Nothing.UNDEFINED),
                Arguments.of("01", AmfValue.Nothing.NULL),
                Arguments.of("02", AmfValue.of(false)),
                Arguments.of("03", AmfValue.of(true)),
                Arguments.of("04 7f", AmfValue.of(127)),
                Arguments.of("04 8100", AmfValue.of(128)),
                Arguments.of("04 ffff7f", AmfValue.of(0x1FFFFF)),
                Arguments.of("04 bfffffff", AmfValue.of(0x0FFFFFFF)),
                Arguments.of("04 ffffffff", AmfValue.of(-1)),
                Arguments.of("04 c0808000", AmfValue.of(-0x10000000)),
                Arguments.of("05 3ff0000000000000", ONE),
                Arguments.of("06 07 'abc'", AmfValue.of("abc")),
                Arguments.of("07 07 '<a>'", new AmfValue.Xml("<a>")),
                Arguments.of("08 01 3ff0000000000000", new AmfValue.Date(1, 0)),
                Arguments.of(
                        "09 07 01 04 01 06 03 'x' 06 00",
                        new AmfValue.StrictArray(List.of(ONE, AmfValue.of("x"), AmfValue.of("x")))),
                Arguments.of(
                        "09 03 03 'k' 04 01 01 03",
                        AmfValue.fields().put("k", 1).put("0", true).ecmaArray()),
                Arguments.of(
                        "0a 0b 01 03 'a' 04 01 01",
                        AmfValue.fields().put("a", 1).object()),
                Arguments.of(
                        "0a 23 03 'C' 03 'a' 03 'b' 04 01 02",
                        new AmfFields().put("a", 1).put("b", false).typedObject("C")),
                Arguments.of(
                        "09 05 01 0a 13 03 'C' 03 'a' 04 01 0a 01 02",
                        new AmfValue.StrictArray(List.of(
                                new AmfFields().put("a", 1).typedObject("C"),
                                new AmfFields().put("a", false).typedObject("C")))),
                Arguments.of(
                        "09 05 01 09 03 01 01 09 02",
                        new AmfValue.StrictArray(List.of(
                                new AmfValue.StrictArray(List.of(AmfValue.Nothing.NULL)),
                                new AmfValue.StrictArray(List.of(AmfValue.Nothing.NULL))))),
                Arguments.of(
                        "0a 07 43 'flex.messaging.io.ArrayCollection' 09 01 01", new AmfValue.StrictArray(List.of())),
                Arguments.of("0c 05 ffff", AmfValue.Nothing.UNDEFINED));
    }

    @ParameterizedTest
    @MethodSource("amf3Values")
    void readsAmf3BehindTheSwitchMarker(String bytes, AmfValue value) {
        AmfReader reader = new AmfReader(Bytes.of("11" + bytes + "05"));
        assertThat(reader.read()).isEqualTo(value);
        assertThat(reader.read()).isEqualTo(AmfValue.Nothing.NULL);
    }

    @ParameterizedTest
    @MethodSource("amf3Values")
    void everyTruncatedAmf3ValueIsMalformed(String bytes, AmfValue value) {
        ByteBuf whole = Bytes.of("11" + bytes);
        for (int length = 0; length < whole.readableBytes(); length++) {
            AmfReader reader = new AmfReader(whole.slice(0, length));
            assertThatThrownBy(reader::read)
                    .as("%d bytes of %s", length, value)
                    .isInstanceOf(MalformedDataException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0d", "10", "06 00", "09 00", "0a 01", "0a 07 03 'C'", "09 ffffffff", "0a f3ffffff 01"})
    void brokenAmf3IsMalformed(String bytes) {
        assertThatThrownBy(() -> new AmfReader(Bytes.of("11" + bytes)).read())
                .isInstanceOf(MalformedDataException.class);
    }
}
