package xiu.protocol.rtmp;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xiu.bytes.LimitExceededException;
import xiu.bytes.MalformedDataException;
import xiu.container.flv.FlvDemuxer;
import xiu.container.flv.amf.AmfLimits;
import xiu.container.flv.amf.AmfReader;
import xiu.protocol.rtmp.wire.AggregateSplitter;
import xiu.protocol.rtmp.wire.RtmpMessage.Aggregate;
import xiu.protocol.rtmp.wire.RtmpMessage.Audio;
import xiu.protocol.rtmp.wire.RtmpMessage.Data;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.Video;
import xiu.stream.EndReason;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.Publisher;

/** Media messages to a publication. Confined to the publisher's event loop, but for {@link #onRevoked}. */
public final class RtmpIngest implements Publisher {
    /**
     * Where the media comes from.
     *
     * @param query the query of the URL; may contain secrets
     * @param route the nodes that the stream has passed
     */
    public record Origin(Peer peer, String query, List<String> route) {}

    private final Origin origin;
    private final Consumer<EndReason> revocation;
    private final AmfLimits amf;
    private @Nullable Publication publication;
    private @Nullable FlvDemuxer demuxer;

    /** {@code revocation} is called, on any thread, when somebody else feeds the stream or it has to end. */
    public RtmpIngest(Origin origin, Consumer<EndReason> revocation, AmfLimits amf) {
        this.origin = origin;
        this.revocation = revocation;
        this.amf = amf;
    }

    @Override
    public Peer peer() {
        return origin.peer();
    }

    @Override
    public List<String> route() {
        return origin.route();
    }

    @Override
    public String query() {
        return origin.query();
    }

    @Override
    public void onRevoked(EndReason reason) {
        revocation.accept(reason);
    }

    /** The stream may be fed from now on. */
    public void begin(Publication granted) {
        publication = granted;
        demuxer = new FlvDemuxer(granted);
    }

    /** The publication; only after {@link #begin}. */
    public Publication publication() {
        return Objects.requireNonNull(publication);
    }

    /** Passes one message on; consumed. */
    public void accept(Media media) {
        FlvDemuxer into = Objects.requireNonNull(demuxer);
        switch (media) {
            case Audio audio -> into.audio(audio.timestamp(), audio.body());
            case Video video -> into.video(video.timestamp(), video.body());
            case Data data -> {
                check(data.body());
                into.script(data.timestamp(), data.body());
            }
            case Aggregate aggregate -> AggregateSplitter.split(aggregate, this::accept);
        }
    }

    /**
     * The server passes data on unread, but players and other servers parse it: values beyond the limits must not reach
     * them.
     */
    private void check(ByteBuf body) {
        try {
            new AmfReader(body.duplicate(), amf).readAll();
        } catch (LimitExceededException e) {
            body.release();
            throw e;
        } catch (MalformedDataException unreadable) {
            // Some publishers send data that is no AMF, which players ignore.
        }
    }

    /** Ends the publication; harmless when it has ended already. */
    public void end(EndReason reason) {
        if (publication != null) {
            publication.end(reason);
        }
    }
}
