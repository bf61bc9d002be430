package xiu.server.settings;

import java.util.ArrayList;
import java.util.List;
import xiu.protocol.hls.HlsSettings;
import xiu.protocol.httpflv.HttpFlvSettings;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.transport.BindAddress;
import xiu.transport.tls.TlsPort;
import xiu.transport.tls.TlsPorts;

/** The listeners of a configuration, and whether they conflict. */
public final class Listeners {
    /**
     * One protocol that is on.
     *
     * @param name the table's name
     * @param http whether it can share its port with another one over HTTP
     * @param tls whether its connections begin with TLS
     */
    public record Listener(String name, BindAddress address, int port, boolean http, boolean tls) {
        /** The key that sets its port. */
        public String key() {
            return name + ".port";
        }

        /** Whether one listener serves both. */
        boolean shares(Listener other) {
            return http
                    && other.http
                    && tls == other.tls
                    && port != 0
                    && port == other.port
                    && address.equals(other.address);
        }

        private boolean collides(Listener other) {
            return port != 0 && port == other.port && address.overlaps(other.address) && !shares(other);
        }
    }

    /** Two listeners that want the same port. */
    public record Collision(Listener first, Listener second) {}

    private Listeners() {}

    /** The protocols that are on, each with its port for TLS, in the order in which they start. */
    public static List<Listener> of(ServerSettings settings) {
        RtmpSettings rtmp = settings.rtmp();
        HttpFlvSettings httpflv = settings.httpflv();
        HlsSettings hls = settings.hls();
        TlsPorts tls = settings.tlsPorts();
        List<Listener> listeners = new ArrayList<>();
        if (rtmp.enabled()) {
            add(listeners, new Listener("rtmp", rtmp.address(), rtmp.port(), false, false), tls.rtmp());
        }
        if (httpflv.enabled()) {
            add(listeners, new Listener("httpflv", httpflv.address(), httpflv.port(), true, false), tls.httpflv());
        }
        if (hls.enabled()) {
            add(listeners, new Listener("hls", hls.address(), hls.port(), true, false), tls.hls());
        }
        return listeners;
    }

    private static void add(List<Listener> listeners, Listener plain, TlsPort tls) {
        if (tls.leavesPlain()) {
            listeners.add(plain);
        }
        if (tls.enabled()) {
            listeners.add(new Listener(plain.name() + ".tls", tls.address(), tls.port(), plain.http(), true));
        }
    }

    /** Every pair of listeners that cannot both have their port. */
    public static List<Collision> collisions(List<Listener> listeners) {
        List<Collision> found = new ArrayList<>();
        for (int i = 0; i < listeners.size(); i++) {
            for (int j = i + 1; j < listeners.size(); j++) {
                if (listeners.get(i).collides(listeners.get(j))) {
                    found.add(new Collision(listeners.get(i), listeners.get(j)));
                }
            }
        }
        return found;
    }
}
