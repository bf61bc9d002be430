package xiu.server;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import xiu.http.HttpRoute;
import xiu.transport.TcpListener;

/** Groups protocols over HTTP by listener: those with the same address, and with or without TLS alike, share one. */
final class HttpParts {
    /**
     * One protocol at one address.
     *
     * @param routes the resources that it answers
     */
    record Part(String protocol, TcpListener.Address address, List<HttpRoute> routes) {
        private boolean shares(Part other) {
            InetSocketAddress own = address.address();
            return own.getPort() != 0
                    && own.equals(other.address.address())
                    && (address.security() == null) == (other.address.security() == null);
        }
    }

    private HttpParts() {}

    /** One list for each listener, in the order in which the first part of each came. */
    static List<List<Part>> byListener(List<Part> parts) {
        List<List<Part>> listeners = new ArrayList<>();
        for (Part part : parts) {
            List<Part> sharing = null;
            for (List<Part> listener : listeners) {
                sharing = listener.getFirst().shares(part) ? listener : sharing;
            }
            if (sharing == null) {
                sharing = new ArrayList<>();
                listeners.add(sharing);
            }
            sharing.add(part);
        }
        return listeners;
    }

    /** The routes of one listener; where two know a path, the protocol that came last answers it. */
    static List<HttpRoute> routes(List<Part> listener) {
        List<HttpRoute> routes = new ArrayList<>();
        for (Part part : listener.reversed()) {
            routes.addAll(part.routes());
        }
        return routes;
    }
}
