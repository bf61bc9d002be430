package xiu.progressive;

import io.netty.channel.Channel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.http.HttpStream;
import xiu.http.HttpStream.Ending;
import xiu.media.WireFormat;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Viewer;
import xiu.transport.Playback;
import xiu.transport.trouble.Faults;

/** One viewer: owns the stream of the answer after its head. Confined to the exchange's event loop. */
final class StreamSession implements Playback.Listener, HttpStream.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSession.class);

    private final Peer peer;
    private final WireFormat format;
    private @Nullable HttpStream out;
    private @Nullable Playback playback;
    private @Nullable EndReason ended;

    StreamSession(Peer peer, WireFormat format) {
        this.peer = peer;
        this.format = format;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    /** Begins, with a stream that is this session's to end. */
    void play(MediaStream stream, HttpStream own) {
        out = own;
        if (!own.channel().isActive()) {
            return;
        }
        LOG.info("event=play session={} peer={} stream={}", peer.id(), peer, stream.key());
        try {
            begin(own.channel(), stream);
        } catch (Throwable fault) {
            // Nobody else owns the stream and would end it.
            Faults.contained("fault_playback", peer, fault);
            ended(EndReason.FAILED);
            own.abort();
        }
    }

    private void begin(Channel channel, MediaStream stream) {
        Playback begun = new Playback(channel, stream, format, this);
        playback = begun;
        begun.start();
        // The head must not wait for the first frame.
        channel.flush();
    }

    @Override
    public void onPlaybackEnded(EndReason reason) {
        HttpStream own = out;
        if (own == null) {
            return;
        }
        ended(reason);
        if (reason == EndReason.TOO_SLOW) {
            // What it has not taken yet would hold up the end, too.
            own.abort();
        } else {
            own.end(ending(reason));
        }
    }

    private static Ending ending(EndReason reason) {
        return switch (reason) {
            case GOODBYE, CONNECTION_LOST, TIMED_OUT, MALFORMED, TAKEN_OVER, STREAM_ENDED, KICKED -> Ending.COMPLETE;
            case TOO_SLOW, LIMIT -> Ending.TRY_AGAIN;
            case STOPPING -> Ending.GOING_AWAY;
            case FAILED -> Ending.FAILED;
        };
    }

    /** The one end of a session. */
    private void ended(EndReason reason) {
        Playback over = playback;
        if (ended == null && over != null) {
            ended = reason;
            over.stop();
            Viewer viewer = over.viewer();
            LOG.info(
                    "event=play_end session={} reason={} sent={} skips={}",
                    peer.id(),
                    reason,
                    viewer.sentBytes(),
                    viewer.skips());
        }
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        if (cause == null) {
            ended(EndReason.GOODBYE);
        } else if (cause instanceof IOException) {
            ended(EndReason.CONNECTION_LOST);
        } else {
            LOG.warn("event=play_failed session={}", peer.id(), cause);
            ended(EndReason.FAILED);
        }
    }
}
