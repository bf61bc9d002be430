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
            line(text, title(endpoint.protocol()), endpoint.where());
        }
        text.append('\n');
        for (Endpoint endpoint : endpoints) {
            if (endpoint.protocol().equals("rtmp")) {
                String url = "rtmp://" + endpoint.reachable() + "/live";
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

    private static String title(String protocol) {
        return switch (protocol) {
            case "rtmp" -> "RTMP";
            case "httpflv" -> "HTTP-FLV";
            case "hls" -> "HLS";
            default -> protocol;
        };
    }

    private static String playUrl(Endpoint endpoint) {
        String place = endpoint.reachable() + "/live/test";
        return switch (endpoint.protocol()) {
            case "rtmp" -> "rtmp://" + place;
            case "hls" -> "http://" + place + "/test.m3u8";
            default -> "http://" + place + ".flv";
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
