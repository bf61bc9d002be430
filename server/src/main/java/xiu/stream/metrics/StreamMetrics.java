package xiu.stream.metrics;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import xiu.metrics.Counter;
import xiu.metrics.CounterGroup;
import xiu.metrics.Registry;
import xiu.stream.MediaStream;
import xiu.stream.StreamEvent;
import xiu.stream.StreamHub;
import xiu.stream.StreamListener;
import xiu.stream.Viewer;
import xiu.stream.counting.StreamCounters;

/**
 * Counts the events of a hub's streams, and registers these counters and those of the streams. Numbers of one stream
 * have it as a label and are gone with it; numbers of all streams include the ended ones. Any thread.
 */
public final class StreamMetrics implements StreamListener {
    private static final String STREAM = "stream";

    private final StreamHub hub;
    private final Counter begun = new Counter();
    private final Counter publications = new Counter();
    private final CounterGroup<Object> ended = new CounterGroup<>();
    private final CounterGroup<String> joined = new CounterGroup<>();
    private final CounterGroup<Object> left = new CounterGroup<>();

    private final Set<MediaStream> live = new LinkedHashSet<>();
    private final Sum bytes = new Sum(StreamCounters::bytes);
    private final Sum packets = new Sum(StreamCounters::packets);
    private final Sum keyFrames = new Sum(StreamCounters::keyFrames);

    /**
     * The sum of one number over all streams. The number of a stream that ends is moved from the live ones to the rest
     * in one step, so that the sum never falls.
     */
    private final class Sum {
        private final ToLongFunction<StreamCounters> number;
        private long ended;

        private Sum(ToLongFunction<StreamCounters> number) {
            this.number = number;
        }

        private long value() {
            synchronized (live) {
                long sum = ended;
                for (MediaStream stream : live) {
                    sum += number.applyAsLong(stream.counters());
                }
                return sum;
            }
        }
    }

    private StreamMetrics(StreamHub hub) {
        this.hub = hub;
    }

    /** Registers the numbers of this hub, which has no streams yet, and counts from now on. */
    public static void register(StreamHub hub, Registry registry) {
        StreamMetrics metrics = new StreamMetrics(hub);
        hub.addListener(metrics);
        metrics.registerHub(registry);
        metrics.registerStreams(registry);
        metrics.registerViewers(registry);
    }

    private void registerHub(Registry registry) {
        registry.gauge("xiu_streams", "Live streams", () -> hub.streams().size());
        registry.gauge(
                "xiu_publishers",
                "Streams that somebody feeds at the moment",
                () -> hub.streams().stream()
                        .filter(stream -> stream.publication() != null)
                        .count());
        registry.counter("xiu_streams_begun_total", "Streams that came to life", begun);
        registry.counter(
                "xiu_publications_total",
                "Publishers that began to feed a stream, those that came back and relays too",
                publications);
        registry.counters("xiu_publications_ended_total", "Publishers that ended, by reason", "reason", ended);
        registry.counters(
                "xiu_publish_refusals_total",
                "Publishers that were refused, by reason",
                "reason",
                hub.counters().publishRefusals());
        registry.counter("xiu_received_bytes_total", "Bytes of media from publishers", bytes::value);
        registry.counter("xiu_received_packets_total", "Packets of media from publishers", packets::value);
        registry.counter("xiu_received_key_frames_total", "Key frames from publishers", keyFrames::value);
        registry.gauge("xiu_log_bytes", "Bytes of media in the logs of all streams", hub::memory);
    }

    private void registerStreams(Registry registry) {
        counters(registry, "received_bytes_total", "bytes of media from its publishers", StreamCounters::bytes);
        counters(registry, "received_packets_total", "packets from its publishers", StreamCounters::packets);
        counters(registry, "received_key_frames_total", "key frames from its publishers", StreamCounters::keyFrames);
        counters(
                registry, "sent_bytes_total", "bytes to its viewers, up to a second behind", StreamCounters::sentBytes);
        counters(
                registry,
                "skips_total",
                "times a viewer was too slow and skipped to a newer key frame",
                StreamCounters::skips);
        counters(registry, "repairs_total", "timestamps that had to be repaired", StreamCounters::repairs);
        registry.gauges("xiu_stream_viewers", "Of one stream: viewers at the moment", List.of(STREAM), values -> {
            for (MediaStream stream : hub.streams()) {
                values.add(stream.viewerCount(), stream.key().toString());
            }
        });
        registry.gauges(
                "xiu_stream_log_bytes", "Of one stream: bytes of media in its logs", List.of(STREAM), values -> {
                    for (MediaStream stream : hub.streams()) {
                        values.add(stream.memory(), stream.key().toString());
                    }
                });
    }

    private void counters(Registry registry, String name, String help, ToLongFunction<StreamCounters> number) {
        registry.counters("xiu_stream_" + name, "Of one stream: " + help, List.of(STREAM), values -> {
            for (MediaStream stream : hub.streams()) {
                values.add(number.applyAsLong(stream.counters()), stream.key().toString());
            }
        });
    }

    private void registerViewers(Registry registry) {
        registry.gauges("xiu_viewers", "Viewers at the moment, by protocol", List.of("protocol"), values -> {
            Map<String, Integer> counts = new TreeMap<>();
            for (MediaStream stream : hub.streams()) {
                for (Viewer viewer : stream.viewers()) {
                    counts.merge(viewer.peer().protocol(), 1, Integer::sum);
                }
            }
            counts.forEach((protocol, count) -> values.add(count, protocol));
        });
        registry.counters("xiu_viewers_joined_total", "Viewers that came, by protocol", "protocol", joined);
        registry.counters("xiu_viewers_left_total", "Viewers that left, by reason", "reason", left);
        registry.counters(
                "xiu_play_refusals_total",
                "Viewers that were refused, by reason",
                "reason",
                hub.counters().playRefusals());
        registry.counters(
                "xiu_sent_bytes_total",
                "Bytes sent to viewers, by protocol; up to a second behind",
                "protocol",
                hub.counters().sentBytes());
        registry.counters(
                "xiu_viewer_skips_total",
                "Times a viewer was too slow and skipped to a newer key frame, by protocol",
                "protocol",
                hub.counters().skips());
    }

    @Override
    public void on(StreamEvent event) {
        switch (event) {
            case StreamEvent.Created created -> begun(created.stream());
            case StreamEvent.Published published -> publications.increment();
            case StreamEvent.Unpublished unpublished -> ended.increment(unpublished.reason());
            case StreamEvent.Joined come ->
                joined.increment(come.viewer().peer().protocol());
            case StreamEvent.Left gone -> left.increment(gone.reason());
            case StreamEvent.Ended over -> ended(over.stream());
        }
    }

    private void begun(MediaStream stream) {
        begun.increment();
        synchronized (live) {
            live.add(stream);
        }
    }

    private void ended(MediaStream stream) {
        synchronized (live) {
            if (live.remove(stream)) {
                for (Sum sum : List.of(bytes, packets, keyFrames)) {
                    sum.ended += sum.number.applyAsLong(stream.counters());
                }
            }
        }
    }
}
