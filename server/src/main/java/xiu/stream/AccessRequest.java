package xiu.stream;

import java.util.List;

/**
 * Somebody wants to publish or play.
 *
 * @param action which
 * @param key the stream
 * @param peer who
 * @param credentials what came along; never logged
 * @param route the ids of the nodes that the stream (publish) or the wish for it (play) has passed, oldest first; a
 *     relay that finds itself there has found a loop
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

    /** Shows that a peer knows a password, as the answer to a challenge does. */
    @FunctionalInterface
    public interface Proof {
        /** Of a peer that has not been challenged. */
        Proof NONE = password -> false;

        /** Whether the peer knows this password; takes the same time whether it does or not. */
        boolean knows(String password);
    }

    /**
     * What a peer presents. Its text form hides everything.
     *
     * @param query the query string without the question mark, percent-encoded as received; may be empty
     * @param bearer the bearer token of an HTTP Authorization header; may be empty
     * @param proof what it has shown without saying it
     */
    public record Credentials(String query, String bearer, Proof proof) {
        /** Nothing presented. */
        public static final Credentials NONE = new Credentials("", "");

        /** What is said in plain words. */
        public Credentials(String query, String bearer) {
            this(query, bearer, Proof.NONE);
        }

        @Override
        public String toString() {
            return "hidden";
        }
    }
}
