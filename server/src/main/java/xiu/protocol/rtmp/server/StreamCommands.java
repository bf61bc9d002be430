package xiu.protocol.rtmp.server;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.address.StreamAddress;
import xiu.protocol.rtmp.server.session.SessionConnection;
import xiu.protocol.rtmp.server.session.SessionEvents;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.stream.AccessRequest;
import xiu.stream.AccessRequest.Action;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.StreamException;
import xiu.stream.StreamKey;

/**
 * The message streams of a session, the commands about them (RTMP 1.0 §7.2.2) and the media on them. Confined to the event
 * loop.
 */
final class StreamCommands {
    private final SessionConnection connection;
    private final MessageStreams<ServerStream> streams;

    StreamCommands(SessionConnection connection, SessionEvents session) {
        this.connection = connection;
        int most = connection.context().limits().messageStreams();
        this.streams = new MessageStreams<>(most, id -> new ServerStream(connection, session, id));
    }

    /** The id of a new message stream, or 0 when there are too many. */
    int create() {
        ServerStream created = streams.create();
        return created == null ? 0 : created.id();
    }

    void delete(int id) {
        ServerStream deleted = streams.remove(id);
        if (deleted != null) {
            deleted.close();
        }
    }

    /** Carries a command out; false when it would publish or play on a message stream that was never created. */
    boolean onCommand(ConnectedApp app, int id, RtmpCommand.OnStream command) {
        boolean begins = command instanceof RtmpCommand.Publish || command instanceof RtmpCommand.Play;
        ServerStream stream = begins ? streams.use(id) : streams.find(id);
        if (stream == null) {
            return !begins;
        }
        switch (command) {
            case RtmpCommand.Publish publish -> publish(stream, app, publish.name());
            case RtmpCommand.Play play -> play(stream, app, play);
            case RtmpCommand.Pause pause -> stream.pause(pause.paused());
            case RtmpCommand.Seek seek -> stream.seek();
            case RtmpCommand.ReceiveAudio receive -> stream.receiveAudio(receive.wanted());
            case RtmpCommand.ReceiveVideo receive -> stream.receiveVideo(receive.wanted());
            case RtmpCommand.CloseStream close -> stream.close();
        }
        return true;
    }

    private void publish(ServerStream stream, ConnectedApp app, String name) {
        StreamAddress address = app.stream(name);
        try {
            AccessRequest request = app.request(Action.PUBLISH, address, connection.peer());
            if (stream.publishing() != null || isClaimed(request.key())) {
                stream.status(RtmpStatus.PUBLISH_BAD_NAME, address + " is being published on this connection already");
                return;
            }
            app.refuseLoop(connection.context().nodeId());
            stream.publish(request);
        } catch (StreamException e) {
            stream.refusePublisher(e);
        }
    }

    private boolean isClaimed(StreamKey key) {
        return streams.all().stream().anyMatch(stream -> stream.claims(key));
    }

    private void play(ServerStream stream, ConnectedApp app, RtmpCommand.Play play) {
        if (stream.publishing() != null) {
            stream.status(RtmpStatus.PLAY_FAILED, "this message stream publishes");
            return;
        }
        stream.end(EndReason.GOODBYE);
        try {
            stream.play(app.request(Action.PLAY, app.stream(play.name()), connection.peer()), play.reset());
        } catch (StreamException e) {
            stream.refusePlayer(e);
        }
    }

    /** A media message; consumed. */
    void onMedia(Media media) {
        // Chunk streams that begin with format 1 never name their message stream, which then counts as 0.
        ServerStream stream = streams.find(media.messageStreamId(), any -> any.publishing() != null);
        Publishing publishing = stream == null ? null : stream.publishing();
        if (publishing == null) {
            media.body().release();
        } else {
            publishing.accept(media);
        }
    }

    /** Ends what this peer publishes under this path; the name may also be published by others. */
    void unpublish(String path) {
        for (ServerStream stream : List.copyOf(streams.all())) {
            MediaStream published = stream.published();
            if (published != null && published.key().toString().equals(path)) {
                stream.close();
            }
        }
    }

    boolean isUsed() {
        return streams.all().stream().anyMatch(ServerStream::isUsed);
    }

    /** One of the streams that are fed here, or null. */
    @Nullable
    MediaStream published() {
        for (ServerStream stream : streams.all()) {
            MediaStream published = stream.published();
            if (published != null) {
                return published;
            }
        }
        return null;
    }

    /** Whether somebody awaits each frame of a stream that is fed here. */
    boolean isAwaited() {
        for (ServerStream stream : streams.all()) {
            MediaStream published = stream.published();
            if (published != null && published.isAwaited()) {
                return true;
            }
        }
        return false;
    }

    /** Ends everything on all message streams. */
    void end(EndReason reason) {
        List.copyOf(streams.all()).forEach(stream -> stream.end(reason));
        streams.clear();
    }
}
