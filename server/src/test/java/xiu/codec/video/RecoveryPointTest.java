package xiu.codec.video;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryPointTest {
    @ParameterizedTest
    @CsvSource({
        "419a11, false", // a slice of an inter picture
        "6588 8200, true", // an IDR picture, whatever the container says
        "06 06 02 0e44 80 | 419ade, true", // x264 with intra refresh: a recovery point and a slice
        "09f0 | 06 06 02 0e44 80 | 419ade, true", // behind a delimiter
        "06 05 03 aabbcc 06 02 0e44 80 | 419ade, true", // behind another message
        "06 05 02 0000 03 01 06 80 | 419ade, false", // 06 is in another message, behind an emulation prevention byte
        "06 ff05 01 00 80 | 419ade, false", // type 260
        "06 05 03 aabbcc 80 | 419ade, false",
        "419ade | 06 06 02 0e44 80, false", // behind the slice it is about the next picture
        "06, false",
        "06 06, false",
    })
    void isFoundInH264(String units, boolean expected) {
        assertThat(RecoveryPoint.isAtAvc(sample(units), 4)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0201 d0, false", // TRAIL_R
        "2601 af, true", // IDR_W_RADL
        "2a01 af, true", // CRA
        "2001 af, true", // BLA
        "2c01 af, false", // reserved
        "4601 50 | 4e01 06 02 0080 80 | 0201 d0, true", // a recovery point behind a delimiter
        "4e01 05 02 0080 80 | 0201 d0, false",
        "4e, false",
    })
    void isFoundInHevc(String units, boolean expected) {
        assertThat(RecoveryPoint.isAtHevc(sample(units), 4)).isEqualTo(expected);
    }

    @Test
    void whatIsMalformedIsNone() {
        assertThat(RecoveryPoint.isAtAvc(bytes("00000009 65".replace(" ", "")), 4))
                .isFalse();
        assertThat(RecoveryPoint.isAtAvc(bytes("000001"), 4)).isFalse();
        assertThat(RecoveryPoint.isAtAvc(Unpooled.EMPTY_BUFFER, 4)).isFalse();
    }

    @Test
    void aRowOfUnitsIsNotReadToItsEnd() {
        assertThat(RecoveryPoint.isAtAvc(sample("09f0 | ".repeat(40) + "6588"), 4))
                .isFalse();
    }

    private static ByteBuf sample(String units) {
        ByteBuf sample = Unpooled.buffer();
        for (String unit : units.replace(" ", "").split("\\|")) {
            sample.writeInt(unit.length() / 2).writeBytes(HexFormat.of().parseHex(unit));
        }
        return sample;
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)).asReadOnly();
    }
}
