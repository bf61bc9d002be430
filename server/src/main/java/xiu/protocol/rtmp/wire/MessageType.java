package xiu.protocol.rtmp.wire;

/** The message type ids (RTMP 1.0 §5.4, §6.2 and §7.1). */
final class MessageType {
    static final int SET_CHUNK_SIZE = 1;
    static final int ABORT = 2;
    static final int ACKNOWLEDGEMENT = 3;
    static final int USER_CONTROL = 4;
    static final int WINDOW_SIZE = 5;
    static final int PEER_BANDWIDTH = 6;
    static final int AUDIO = 8;
    static final int VIDEO = 9;
    static final int DATA_AMF3 = 15;
    static final int COMMAND_AMF3 = 17;
    static final int DATA = 18;
    static final int COMMAND = 20;
    static final int AGGREGATE = 22;

    private MessageType() {}

    /** Whether messages of this type carry media, and so may be long. */
    static boolean isMedia(int type) {
        return type == AUDIO || type == VIDEO || type == DATA || type == DATA_AMF3 || type == AGGREGATE;
    }
}
