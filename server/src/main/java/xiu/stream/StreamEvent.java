package xiu.stream;

/** What happens to streams and their peers. */
public sealed interface StreamEvent {
    /** The stream it happened to. */
    MediaStream stream();

    /** A stream came to life; it has no media yet. */
    record Created(MediaStream stream) implements StreamEvent {}

    /** A publisher feeds the stream from now on. */
    record Published(MediaStream stream, Peer publisher) implements StreamEvent {}

    /** Its publisher is gone; the stream lives on for the grace period unless {@link Ended} follows. */
    record Unpublished(MediaStream stream, Peer publisher, EndReason reason) implements StreamEvent {}

    /** Somebody watches. */
    record Joined(MediaStream stream, Peer viewer) implements StreamEvent {}

    /** Somebody watches no more. */
    record Left(MediaStream stream, Peer viewer, EndReason reason) implements StreamEvent {}

    /** The stream is over; its key is free. */
    record Ended(MediaStream stream, EndReason reason) implements StreamEvent {}
}
