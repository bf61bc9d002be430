package xiu.server.settings;

import java.util.ArrayList;
import java.util.List;
import xiu.transport.BindAddress;

/** The listeners of a configuration, and whether they conflict. */
public final class Listeners {
    /**
     * One protocol that is on.
     *
     * @param name the table's name
     * @param http whether it can share its port with another one over HTTP
     */
    public record Listener(String name, BindAddress address, int port, boolean http) {
        /** The key that sets its port. */
        public String key() {
            return name + ".port";
        }

        /** Whether one listener serves both. */
        boolean shares(Listener other) {
            return http && other.http && port != 0 && port == other.port && address.equals(other.address);
        }

        private boolean collides(Listener other) {
            return port != 0 && port == other.port && address.overlaps(other.address) && !shares(other);
        }
    }

    /** Two listeners that want the same port. */
    public record Collision(Listener first, Listener second) {}

    private Listeners() {}

    /** The protocols that are on, in the order in which they start. */
    public static List<Listener> of(ServerSettings settings) {
        List<Listener> listeners = new ArrayList<>();
        if (settings.rtmp().enabled()) {
            listeners.add(new Listener(
                    "rtmp", settings.rtmp().address(), settings.rtmp().port(), false));
        }
        if (settings.httpflv().enabled()) {
            listeners.add(new Listener(
                    "httpflv", settings.httpflv().address(), settings.httpflv().port(), true));
        }
        if (settings.hls().enabled()) {
            listeners.add(
                    new Listener("hls", settings.hls().address(), settings.hls().port(), true));
        }
        return listeners;
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
