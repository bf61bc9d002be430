package xiu.stream;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import xiu.stream.settings.StreamSettings.OnConflict;

/**
 * Seam: who has a stream's name, and where is a stream that is not here? A server alone needs no directory ({@link
 * #LOCAL}); several servers that share their names agree through one. Its methods are called on any thread and must not
 * block; answers may complete on any thread.
 */
public interface StreamDirectory extends StreamLocator {
    /** This server is alone: every name is free, and nothing is elsewhere. */
    StreamDirectory LOCAL = new StreamDirectory() {
        private static final Answer FREE = new Held(0, () -> {});

        @Override
        public CompletionStage<Answer> claim(Wish wish) {
            return CompletableFuture.completedFuture(FREE);
        }

        @Override
        public CompletionStage<MediaStream> locate(AccessRequest missing) {
            return CompletableFuture.failedFuture(new StreamException(
                    StreamException.Reason.NOT_FOUND, "stream " + missing.key() + " is not published"));
        }

        @Override
        public void watch(Watcher watcher) {
            // There is nothing elsewhere that could change.
        }

        @Override
        public void unwatch(Watcher watcher) {}
    };

    /** After this time without an answer a claim is refused, ms. */
    long PATIENCE_MILLIS = 5_000;

    /**
     * Asks for a name. Where this server has it already, the new claim replaces the old one: the hub has made sure that
     * the current publisher gives way. The answer is never cancelled. One that comes after the publisher has left, or
     * after the time limit, is released at once.
     */
    CompletionStage<Answer> claim(Wish wish);

    /** Notifies {@code watcher}, from now on, of the streams of other servers. */
    void watch(Watcher watcher);

    /** Does not notify {@code watcher} any more. */
    void unwatch(Watcher watcher);

    /**
     * A publisher's request for a name.
     *
     * @param key the name
     * @param publisher the publisher
     * @param proven whether valid credentials were shown, which decide a conflict under {@link OnConflict#AUTO}
     * @param rule how a conflict with a publisher of another server is decided
     * @param onLost called by the directory, on any thread, when somebody else has the name: the publisher is deposed
     *     at once. It may come before the answer to the claim, and counts then, too
     */
    record Wish(StreamKey key, Peer publisher, boolean proven, OnConflict rule, Runnable onLost) {}

    /** The answer to a claim. */
    sealed interface Answer {}

    /**
     * The publisher has the name.
     *
     * @param epoch grows with every claim to this name on any server; a publisher never follows one of a higher epoch.
     *     0 where the directory leaves the order to the hub
     * @param release called once, when the publisher is gone; frees the name unless somebody has claimed it since
     */
    record Held(long epoch, Runnable release) implements Answer {}

    /**
     * Another publisher keeps the name.
     *
     * @param holder who and where that is, for people
     */
    record Refused(String holder) implements Answer {}

    /** Gets notified of the streams of other servers; must not block or throw. */
    interface Watcher {
        /** A stream can be found elsewhere from now on, or under a higher epoch than before. */
        void appeared(StreamKey key, long epoch);

        /** Nobody feeds it elsewhere any more. */
        void gone(StreamKey key);
    }
}
