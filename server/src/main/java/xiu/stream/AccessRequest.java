package xiu.stream;

import java.util.List;

/**
 * A peer asks to publish or play.
 *
 * @param action publish or play
 * @param key the stream
 * @param peer the peer
 * @param credentials what the peer shows; never logged
 * @param route the ids of the nodes that the stream (publish) or the request (play) has passed, oldest first; a relay
 *     that finds its own id there has found a loop
 */
public record AccessRequest(Action action, StreamKey key, Peer peer, Credentials credentials, List<String> route) {
    /** A request of a peer that is no relay. */
    public AccessRequest(Action action, StreamKey key, Peer peer, Credentials credentials) {
        this(action, key, peer, credentials, List.of());
    }

    /** What is asked for. */
    public enum Action {
        PUBLISH,
        PLAY
    }

    /** Shows that a peer knows a password, without the password itself, as the answer to a challenge does. */
    @FunctionalInterface
    public interface Proof {
        /** The proof of a peer that has not been challenged. */
        Proof NONE = password -> false;

        /** Whether the peer knows this password; takes the same time in both cases. */
        boolean knows(String password);
    }

    /**
     * What a peer shows. Its text form hides everything.
     *
     * @param query the query string without the question mark, percent-encoded as received; may be empty
     * @param bearer the bearer token of an HTTP Authorization header; may be empty
     * @param proof the answer to a challenge
     */
    public record Credentials(String query, String bearer, Proof proof) {
        /** Nothing. */
        public static final Credentials NONE = new Credentials("", "");

        /** Credentials without a proof. */
        public Credentials(String query, String bearer) {
            this(query, bearer, Proof.NONE);
        }

        @Override
        public String toString() {
            return "hidden";
        }
    }
}
