package xiu.stream;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import xiu.stream.settings.StreamSettings.OnConflict;

/**
 * Seam: whose is a stream's name, and where is a stream that is not here? Within one server the hub knows that by itself
 * ({@link #LOCAL}); where several servers share their names, this is what they agree by. Its methods are called on any
 * thread and must not block; answers may complete on any thread.
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

    /** One that has not answered a claim after this has refused it, ms. */
    long PATIENCE_MILLIS = 5_000;

    /**
     * Asks for a name. Where this server holds it already, the new claim replaces the old one: the hub has seen to it
     * that the publisher of now gives way. An answer that nobody waits for any more, because the publisher has left or
     * the time was over, is released at once; therefore it is never cancelled.
     */
    CompletionStage<Answer> claim(Wish wish);

    /** Tells {@code watcher}, from now on, who holds which name at other servers. */
    void watch(Watcher watcher);

    /** Tells {@code watcher} no more. */
    void unwatch(Watcher watcher);

    /**
     * Somebody wants to feed a stream.
     *
     * @param key its name
     * @param publisher who
     * @param proven whether valid credentials were shown, which decide a conflict under {@link OnConflict#AUTO}
     * @param rule whose the name is when another server's publisher holds it
     * @param onLost to be called, on any thread, when the name has become somebody else's: the publisher is deposed at
     *     once. May come before the answer to the claim, and counts then, too
     */
    record Wish(StreamKey key, Peer publisher, boolean proven, OnConflict rule, Runnable onLost) {}

    /** The answer to a claim. */
    sealed interface Answer {}

    /**
     * The name is the publisher's.
     *
     * @param epoch grows with every claim of this name anywhere; a publisher never follows one of a higher epoch. 0 where
     *     the directory leaves the order to the hub
     * @param release called once, when the publisher is gone; frees the name unless somebody has claimed it since
     */
    record Held(long epoch, Runnable release) implements Answer {}

    /**
     * The name stays another publisher's.
     *
     * @param holder who that is, and where, for people
     */
    record Refused(String holder) implements Answer {}

    /** Told what changes at other servers; must not block or throw. */
    interface Watcher {
        /** A stream can be found elsewhere from now on, or under a higher epoch than before. */
        void appeared(StreamKey key, long epoch);

        /** Nobody feeds it elsewhere any more. */
        void gone(StreamKey key);
    }
}
