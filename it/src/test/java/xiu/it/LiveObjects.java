package xiu.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is reachable in a server's heap, by class; to take it makes the server collect its garbage.
 *
 * @param counts instances of each class
 * @param bytes of all of them
 */
record LiveObjects(Map<String, Long> counts, long bytes) {
    private static final Pattern LINE = Pattern.compile("^\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)", Pattern.MULTILINE);

    /** One of each for a stream, or for a connection, or for what one of these does. */
    private static final List<String> MORTAL = List.of(
            "xiu.stream.MediaStream",
            "xiu.stream.Publication",
            "xiu.stream.Viewer",
            "xiu.medialog.StreamLog",
            "xiu.medialog.ByteLog",
            "xiu.medialog.ByteChunk",
            "xiu.medialog.PacketCursor",
            "xiu.media.MediaPacket",
            "xiu.transport.Playback",
            "xiu.transport.Audience",
            "xiu.protocol.hls.HlsStream",
            "xiu.segment.window.Segment",
            "xiu.protocol.rtmp.server.RtmpServerSession",
            "xiu.protocol.rtmp.client.RtmpPushSink",
            "xiu.protocol.rtmp.wire.RtmpLink",
            "xiu.progressive.StreamSession",
            "xiu.http.http1.HttpConnection",
            "xiu.service.relay.PushRelay");

    /**
     * More than there are kinds of trouble and reasons, each of which has its counter from the first time it happens. A group of
     * counters has a bound of its own.
     */
    private static final long TROUBLES = 40;

    /** What a path means, which the router keeps of some hundred paths. */
    private static final String KEPT_PATH = "xiu.http.HttpRouter$Found";

    private static final long KEPT_PATHS = 512;
    /** What each of those holds. */
    private static final Pattern OF_KEPT_PATH = Pattern.compile(
            "xiu\\.stream\\.StreamKey|xiu\\.(protocol\\.hls\\.HlsRoutes|progressive\\.StreamRoute)\\$(\\$Lambda.*|Segment)");

    /** What the same bytes mean, of which each loop keeps some; there are as many loops as processors. */
    private static final String KNOWN_REQUEST = "xiu.http.http1.KnownRequests$Known";

    private static final long KNOWN_REQUESTS = 64L * Runtime.getRuntime().availableProcessors();

    static LiveObjects of(XiuProcess server) {
        String histogram = ExternalProcess.run(
                Duration.ofSeconds(30),
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(server.pid()),
                "GC.class_histogram");
        Map<String, Long> counts = new HashMap<>();
        long bytes = 0;
        Matcher line = LINE.matcher(histogram);
        while (line.find()) {
            if (line.group(3).contains("jdk.internal.vm.Filler")) {
                // No object, but a gap that the collector did not find worth closing; megabytes, now and then.
                continue;
            }
            counts.merge(line.group(3), Long.valueOf(line.group(1)), Long::sum);
            bytes += Long.parseLong(line.group(2));
        }
        return new LiveObjects(counts, bytes);
    }

    long count(String type) {
        return counts.getOrDefault(type, 0L);
    }

    /** Blocks of memory outside the heap, of which the allocator makes buffers; no figure of the JVM holds them. */
    long directBlocks() {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().contains("CleanableDirectBuffer"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** What should be gone when nobody is connected, and is not. */
    Map<String, Long> undead() {
        Map<String, Long> found = new TreeMap<>();
        MORTAL.forEach(type -> {
            if (count(type) > 0) {
                found.put(type, count(type));
            }
        });
        return found;
    }

    /** Classes of the server, and of Netty and the timers that serve it, that have this many instances more. */
    List<String> grownSince(LiveObjects before, long by) {
        List<String> grown = new ArrayList<>();
        long paths = Math.max(0, count(KEPT_PATH) - before.count(KEPT_PATH));
        counts.forEach((type, count) -> {
            boolean ours = type.startsWith("xiu.");
            boolean channel = type.startsWith("io.netty.channel.") && type.endsWith("Channel");
            boolean timer = type.endsWith("ScheduledFutureTask");
            long enough = by;
            if (type.startsWith("xiu.transport.trouble.RareLine") || type.equals("xiu.metrics.Counter")) {
                enough = Math.max(by, TROUBLES);
            } else if (type.equals(KEPT_PATH)) {
                enough = KEPT_PATHS;
            } else if (type.equals(KNOWN_REQUEST)) {
                enough = KNOWN_REQUESTS;
            } else if (OF_KEPT_PATH.matcher(type).matches()) {
                enough = by + paths;
            }
            // The constants of an enum come with their class, once.
            if ((ours || channel || timer) && !isEnum(type) && count - before.count(type) >= enough) {
                grown.add(type + ": " + before.count(type) + " to " + count);
            }
        });
        return grown;
    }

    private static boolean isEnum(String type) {
        try {
            return Class.forName(type, false, LiveObjects.class.getClassLoader())
                    .isEnum();
        } catch (ClassNotFoundException e) {
            // A lambda's.
            return false;
        }
    }
}
