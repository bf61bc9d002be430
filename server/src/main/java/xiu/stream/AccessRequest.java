package xiu.stream;

/**
 * Somebody wants to publish or play.
 *
 * @param action which
 * @param key the stream
 * @param peer who
 * @param credentials what came along; never logged
 */
public record AccessRequest(Action action, StreamKey key, Peer peer, Credentials credentials) {
    /** What is asked for. */
    public enum Action {
        PUBLISH,
        PLAY
    }

    /**
     * What a peer presents. Its text form hides everything.
     *
     * @param query the query string without the question mark, percent-encoded as received; may be empty
     * @param bearer the bearer token of an HTTP Authorization header; may be empty
     */
    public record Credentials(String query, String bearer) {
        /** Nothing presented. */
        public static final Credentials NONE = new Credentials("", "");

        @Override
        public String toString() {
            return "hidden";
        }
    }
}
