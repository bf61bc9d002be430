package xiu.protocol.rtmp;

import java.util.List;
import java.util.Set;
import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfValue;

/** What this server supports of Enhanced RTMP, as servers and clients announce it to each other in {@code connect}. */
public final class EnhancedRtmp {
    /**
     * The properties by which a client of Enhanced RTMP announces itself. A client with none of them would not
     * understand the answer.
     */
    private static final Set<String> PROPERTIES =
            Set.of("fourCcList", "capsEx", "videoFourCcInfoMap", "audioFourCcInfoMap");

    private static final List<String> FOUR_CCS =
            List.of("avc1", "hvc1", "av01", "vp08", "vp09", "mp4a", "Opus", "fLaC", "ac-3", "ec-3", ".mp3");

    /** Multitrack (2), ModEx packets (4) and nanosecond offsets (8): all are carried. */
    private static final double CAPABILITIES = 2 + 4 + 8;

    private static final double CAN_FORWARD = 4;

    private EnhancedRtmp() {}

    /** Whether a {@code connect} object is that of a client of Enhanced RTMP. */
    public static boolean isAnnounced(AmfValue.Fields object) {
        return object.fields().keySet().stream().anyMatch(PROPERTIES::contains);
    }

    /** Writes into a {@code connect} object, or its answer, what is supported. */
    public static void announce(AmfFields object) {
        AmfValue any = AmfValue.fields().put("*", CAN_FORWARD).object();
        object.put(
                        "fourCcList",
                        new AmfValue.StrictArray(
                                FOUR_CCS.stream().map(AmfValue::of).toList()))
                .put("videoFourCcInfoMap", any)
                .put("audioFourCcInfoMap", any)
                .put("capsEx", CAPABILITIES);
    }
}
