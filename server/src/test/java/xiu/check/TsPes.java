package xiu.check;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * One PES packet as it was read.
 *
 * @param pts 90 kHz, 33 bits
 * @param dts the same as pts when absent
 * @param payload the elementary stream's bytes
 */
public record TsPes(int pid, int streamType, long pts, long dts, boolean randomAccess, byte[] payload) {
    /** The payload as hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(payload);
    }

    /** Whether its bytes begin like this, in hexadecimal digits. */
    public boolean beginsWith(String hex) {
        byte[] start = HexFormat.of().parseHex(hex);
        return payload.length >= start.length && Arrays.equals(start, 0, start.length, payload, 0, start.length);
    }
}
