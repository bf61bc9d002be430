package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;

/**
 * Says whether decoding can begin at a picture that the container does not mark as a key frame: encoders with intra
 * refresh send one IDR picture and then only recovery points (ITU-T H.264 §D.2.8), and those with open groups of
 * pictures send CRA pictures.
 */
public final class RecoveryPoint {
    /** payload_type of the recovery point message, in H.264 and in HEVC. */
    private static final int RECOVERY_POINT = 6;

    private static final int AVC_LAST_SLICE = 5;
    private static final int AVC_IDR = 5;
    private static final int AVC_SEI = 6;
    private static final int HEVC_FIRST_IRAP = 16;
    private static final int HEVC_LAST_IRAP = 21;
    private static final int HEVC_LAST_SLICE = 31;
    private static final int HEVC_SEI_PREFIX = 39;
    /** The recovery point message precedes the first slice, and so do only few other units. */
    private static final int MOST_UNITS = 32;

    private RecoveryPoint() {}

    /**
     * Whether decoding can begin with this sample of H.264; false for what is malformed.
     *
     * @param sample NAL units with their lengths in front; borrowed
     */
    public static boolean isAtAvc(ByteBuf sample, int nalLengthSize) {
        try {
            return isAvc(new NalUnits(sample, nalLengthSize), sample);
        } catch (MalformedDataException malformed) {
            return false;
        }
    }

    /**
     * Whether decoding can begin with this sample of HEVC; false for what is malformed.
     *
     * @param sample NAL units with their lengths in front; borrowed
     */
    public static boolean isAtHevc(ByteBuf sample, int nalLengthSize) {
        try {
            return isHevc(new NalUnits(sample, nalLengthSize), sample);
        } catch (MalformedDataException malformed) {
            return false;
        }
    }

    private static boolean isAvc(NalUnits units, ByteBuf sample) {
        for (int i = 0; i < MOST_UNITS && units.next(); i++) {
            int type = units.avcType();
            if (type >= 1 && type <= AVC_LAST_SLICE) {
                return type == AVC_IDR;
            }
            if (type == AVC_SEI && says(sample, units.index() + 1, units.index() + units.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isHevc(NalUnits units, ByteBuf sample) {
        for (int i = 0; i < MOST_UNITS && units.next(); i++) {
            int type = units.hevcType();
            if (type <= HEVC_LAST_SLICE) {
                return type >= HEVC_FIRST_IRAP && type <= HEVC_LAST_IRAP;
            }
            if (type == HEVC_SEI_PREFIX && says(sample, units.index() + 2, units.index() + units.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean says(ByteBuf sample, int from, int to) {
        SeiReader messages = new SeiReader(sample, from, to);
        while (messages.hasNext()) {
            if (messages.next() == RECOVERY_POINT) {
                return true;
            }
        }
        return false;
    }
}
