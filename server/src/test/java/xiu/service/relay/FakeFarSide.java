package xiu.service.relay;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSink;
import xiu.stream.relay.StreamSource;

/** Remembers every connection that a relay opens, and lets the test say what becomes of it. */
final class FakeFarSide implements StreamSource.Factory {
    final List<Source> sources = new ArrayList<>();
    final List<Sink> sinks = new ArrayList<>();

    @Override
    public StreamSource open(StreamKey key, URI from, List<String> route) {
        Source source = new Source(from, route);
        sources.add(source);
        return source;
    }

    StreamSink.Factory asSinks() {
        return (key, to, route) -> {
            Sink sink = new Sink(to, route);
            sinks.add(sink);
            return sink;
        };
    }

    static RelayEnd end(RelayEnd.Kind kind) {
        return new RelayEnd(kind, "as the test says");
    }

    static Publisher publisher(String protocol, String... route) {
        return new Publisher() {
            @Override
            public List<String> route() {
                return List.of(route);
            }

            @Override
            public Peer peer() {
                return new Peer("p", protocol, InetAddress.getLoopbackAddress(), 1);
            }

            @Override
            public void onRevoked(EndReason reason) {}
        };
    }

    /** A connection to an upstream. */
    static final class Source implements StreamSource {
        final URI from;
        final List<String> route;
        boolean stopped;
        private @Nullable Events events;

        Source(URI from, List<String> route) {
            this.from = from;
            this.route = route;
        }

        @Override
        public void start(Events to) {
            events = to;
        }

        @Override
        public void stop() {
            stopped = true;
        }

        Events events() {
            return Objects.requireNonNull(events);
        }

        Publication connected() {
            return events().connected(publisher(Peer.RELAY_PULL));
        }
    }

    /** A connection to a target. */
    static final class Sink implements StreamSink {
        final URI to;
        final List<String> route;
        boolean stopped;
        private @Nullable Events events;

        Sink(URI to, List<String> route) {
            this.to = to;
            this.route = route;
        }

        @Override
        public void start(MediaStream of, Events told) {
            events = told;
        }

        @Override
        public void stop() {
            stopped = true;
        }

        Events events() {
            return Objects.requireNonNull(events);
        }
    }
}
