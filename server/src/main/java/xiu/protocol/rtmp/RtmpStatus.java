package xiu.protocol.rtmp;

import xiu.container.flv.amf.AmfValue;
import xiu.stream.StreamException;

/** The statuses of connections and streams that peers send each other, with the codes of Flash's NetConnection and NetStream. */
public enum RtmpStatus {
    CONNECT_SUCCESS("NetConnection.Connect.Success", false),
    CONNECT_REJECTED("NetConnection.Connect.Rejected", true),
    CONNECT_INVALID_APP("NetConnection.Connect.InvalidApp", true),
    CONNECT_CLOSED("NetConnection.Connect.Closed", false),
    CALL_FAILED("NetConnection.Call.Failed", true),
    PUBLISH_START("NetStream.Publish.Start", false),
    PUBLISH_BAD_NAME("NetStream.Publish.BadName", true),
    PUBLISH_BAD_AUTH("NetStream.Publish.BadAuth", true),
    PUBLISH_REJECTED("NetStream.Publish.Rejected", true),
    UNPUBLISH_SUCCESS("NetStream.Unpublish.Success", false),
    PLAY_RESET("NetStream.Play.Reset", false),
    PLAY_START("NetStream.Play.Start", false),
    PLAY_FAILED("NetStream.Play.Failed", true),
    PLAY_STREAM_NOT_FOUND("NetStream.Play.StreamNotFound", true),
    PLAY_UNPUBLISH_NOTIFY("NetStream.Play.UnpublishNotify", false),
    PLAY_STOP("NetStream.Play.Stop", false),
    PAUSE_NOTIFY("NetStream.Pause.Notify", false),
    UNPAUSE_NOTIFY("NetStream.Unpause.Notify", false),
    SEEK_NOTIFY("NetStream.Seek.Notify", false);

    private final String code;
    private final boolean error;

    RtmpStatus(String code, boolean error) {
        this.code = code;
        this.error = error;
    }

    /** The code on the wire. */
    public String code() {
        return code;
    }

    /** The information object; the description is for people. */
    public AmfValue.Object information(String description) {
        return AmfValue.fields()
                .put("level", error ? "error" : "status")
                .put("code", code)
                .put("description", description)
                .object();
    }

    /** The status for a publisher that is refused for this reason. */
    public static RtmpStatus ofRefusedPublisher(StreamException.Reason reason) {
        return switch (reason) {
            case BAD_NAME, BUSY, NOT_FOUND -> PUBLISH_BAD_NAME;
            case DENIED, FORBIDDEN -> PUBLISH_BAD_AUTH;
            case LIMIT, STOPPING, UNAVAILABLE -> PUBLISH_REJECTED;
        };
    }

    /** The status for a player that is refused for this reason. */
    public static RtmpStatus ofRefusedPlayer(StreamException.Reason reason) {
        return switch (reason) {
            case BAD_NAME, NOT_FOUND -> PLAY_STREAM_NOT_FOUND;
            case BUSY, DENIED, FORBIDDEN, LIMIT, STOPPING, UNAVAILABLE -> PLAY_FAILED;
        };
    }
}
