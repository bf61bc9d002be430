package xiu.server.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When a key takes effect that was changed in the file of a running server. docs/configuration.md says it for each key.
 */
public enum Effect {
    /** From the next decision on, at most a second later. Sessions that were admitted stay. */
    AT_ONCE,
    /** For streams, connections and sessions that begin afterwards. */
    NEXT,
    /** When the server is started again. */
    RESTART;

    private static final Map<String, Effect> BY_KEY = new HashMap<>();

    static {
        keys(AT_ONCE, "stream.", "on_conflict", "grace", "publish_timeout", "latency", "rules");
        keys(AT_ONCE, "rtmp.", "pull", "push");
        keys(AT_ONCE, "limits.", "connections", "connections_per_address", "handshakes", "handshakes_per_address");
        keys(AT_ONCE, "limits.", "streams", "stream_kbps", "memory");
        keys(AT_ONCE, "limits.viewer_", "backlog_bytes", "backlog_time", "stall_timeout", "skips");
        keys(AT_ONCE, "limits.", "rtmp_unfinished_bytes", "http_body_bytes", "hls_idle_bytes", "hls_held_bytes");
        keys(AT_ONCE, "authsecret.", "key", "password", "push_password");
        for (String protocol : List.of("rtmp", "httpflv", "hls")) {
            keys(AT_ONCE, protocol + ".auth.", "pull_enabled", "push_enabled", "algorithm");
            // Closing a listener ends its connections; and the new port may be in use, so that there would be none at
            // all.
            keys(RESTART, protocol + ".", "enabled", "port", "address");
            keys(RESTART, protocol + ".tls.", "enabled", "port", "address", "only");
        }
        keys(AT_ONCE, "tls.", "cert", "key", "certificates");
        keys(AT_ONCE, "log.", "level");
        // A stream, a connection or a session builds its memory and its timers by these when it begins.
        keys(NEXT, "rtmp.", "gop_num", "auth.challenge");
        // A playlist's target duration must not change.
        keys(NEXT, "hls.", "fragment", "live_ts_count", "aof_ratio");
        keys(NEXT, "limits.hls_", "segment_bytes", "window_bytes");
        keys(NEXT, "limits.log_", "bytes", "packets", "duration");
        keys(NEXT, "limits.", "handshake_timeout");
        keys(NEXT, "limits.rtmp_", "chunk_size", "media_bytes", "command_bytes", "chunk_streams", "message_streams");
        keys(NEXT, "limits.rtmp_", "connect_timeout", "message_timeout", "amf_depth", "amf_bytes", "amf_string_bytes");
        keys(NEXT, "limits.http_", "line_bytes", "header_bytes", "request_timeout", "idle_timeout");
        keys(NEXT, "limits.http_", "answer_timeout", "stall_timeout", "reply_timeout");
        // The certificates are read when the first relay uses them.
        keys(RESTART, "rtmp.", "relay_ca_file");
        // They are used when event loops and sockets are made.
        keys(RESTART, "transport.", "io", "threads", "send_buffer", "user_timeout");
        // Files that were written would be left behind.
        keys(RESTART, "hls.", "path", "need_record");
        // Lines that are queued for the old files would be lost, or written to both.
        keys(RESTART, "log.file.", "enabled", "rotate", "path", "keep", "max_size");
    }

    private static void keys(Effect effect, String table, String... keys) {
        for (String key : keys) {
            BY_KEY.put(table + key, effect);
        }
    }

    /** The effect of a key, written as in the file; null for an unknown key. */
    static @Nullable Effect of(String key) {
        return BY_KEY.get(key);
    }

    /** All keys, in alphabetical order. */
    static Set<String> keys() {
        return new TreeSet<>(BY_KEY.keySet());
    }
}
