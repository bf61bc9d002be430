package xiu.stream;

/** An event of a stream or its peers. */
public sealed interface StreamEvent {
    /** The stream of the event. */
    MediaStream stream();

    /** A stream has begun; it has no media yet. */
    record Created(MediaStream stream) implements StreamEvent {}

    /** A publisher feeds the stream from now on. */
    record Published(MediaStream stream, Peer publisher) implements StreamEvent {}

    /** Its publisher is gone; the stream lives on for the grace period unless {@link Ended} follows. */
    record Unpublished(MediaStream stream, Peer publisher, EndReason reason) implements StreamEvent {}

    /** A viewer has come. */
    record Joined(MediaStream stream, Viewer viewer) implements StreamEvent {}

    /** A viewer has left. */
    record Left(MediaStream stream, Viewer viewer, EndReason reason) implements StreamEvent {}

    /** The stream is over; its key is free. */
    record Ended(MediaStream stream, EndReason reason) implements StreamEvent {}
}
