package xiu.server;

import java.util.List;

/** The first thing that a user sees: the version, what listens where, and commands to publish and play. */
final class Banner {
    private Banner() {}

    /** The version in the manifest of the jar; outside a jar there is none. */
    static String version() {
        String version = Banner.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static String text(String version, List<Endpoint> endpoints) {
        StringBuilder text = new StringBuilder(800);
        text.append("Xiu ").append(version).append("\n\n");
        for (Endpoint endpoint : endpoints) {
            line(text, title(endpoint), endpoint.where());
        }
        text.append('\n');
        for (Endpoint endpoint : endpoints) {
            if (endpoint.protocol().equals("rtmp")) {
                String url = scheme(endpoint) + endpoint.reachable() + "/live";
                line(
                        text,
                        "Publish",
                        "ffmpeg -re -stream_loop -1 -i test.mp4 -c:a copy -c:v copy -f flv"
                                + " -flvflags no_duration_filesize " + url + "/test");
                line(text, "or OBS", "server " + url + "  stream key test");
            }
        }
        String label = "Play";
        for (Endpoint endpoint : endpoints) {
            line(text, label, "ffplay -i " + playUrl(endpoint));
            label = "";
        }
        return text.toString();
    }

    private static String title(Endpoint endpoint) {
        boolean tls = endpoint.tls();
        return switch (endpoint.protocol()) {
            case "rtmp" -> tls ? "RTMPS" : "RTMP";
            case "httpflv" -> tls ? "HTTPS-FLV" : "HTTP-FLV";
            case "hls" -> tls ? "HLS (TLS)" : "HLS";
            default -> endpoint.protocol();
        };
    }

    private static String scheme(Endpoint endpoint) {
        String plain = endpoint.protocol().equals("rtmp") ? "rtmp" : "http";
        return plain + (endpoint.tls() ? "s://" : "://");
    }

    private static String playUrl(Endpoint endpoint) {
        String place = scheme(endpoint) + endpoint.reachable() + "/live/test";
        return switch (endpoint.protocol()) {
            case "rtmp" -> place;
            case "hls" -> place + "/test.m3u8";
            default -> place + ".flv";
        };
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append("  ")
                .append(label)
                .append(" ".repeat(Math.max(1, 10 - label.length())))
                .append(value)
                .append('\n');
    }
}
