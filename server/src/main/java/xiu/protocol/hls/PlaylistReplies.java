package xiu.protocol.hls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongConsumer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpReply;
import xiu.protocol.hls.playlist.HlsPlaylist;

/** The answers with one playlist. Those that most players get are built once. Any thread. */
final class PlaylistReplies {
    private final HlsPlaylist playlist;
    private final LongConsumer onShown;
    private final long lastNumber;
    private volatile @Nullable HttpReply plain;
    private volatile @Nullable HttpReply zipped;

    /** {@code onShown}: called with the last number of the playlist before anybody gets it. */
    PlaylistReplies(HlsPlaylist playlist, LongConsumer onShown) {
        this.playlist = playlist;
        this.onShown = onShown;
        this.lastNumber = playlist.lastNumber();
    }

    HlsPlaylist playlist() {
        return playlist;
    }

    /**
     * The answer for one request.
     *
     * @param suffix what is appended to every segment's name; may be empty
     * @param gzip whether the client accepts it
     */
    HttpReply reply(String suffix, boolean gzip) {
        onShown.accept(lastNumber);
        if (!suffix.isEmpty()) {
            return build(suffix, gzip);
        }
        // Two threads may both build it; the results are equal.
        HttpReply known = gzip ? zipped : plain;
        if (known == null) {
            known = build(suffix, gzip);
            if (gzip) {
                zipped = known;
            } else {
                plain = known;
            }
        }
        return known;
    }

    private HttpReply build(String suffix, boolean gzip) {
        byte[] text = playlist.text(suffix).getBytes(UTF_8);
        String etag = playlist.firstNumber() + "-" + playlist.lastNumber() + (playlist.ended() ? "-end" : "")
                + (suffix.isEmpty() ? "" : "-" + Integer.toHexString(suffix.hashCode()));
        HttpReply.Builder reply = HttpReply.status(HttpResponseStatus.OK)
                .type(HlsPlaylist.MEDIA_TYPE)
                .field("Cache-Control", suffix.isEmpty() ? "max-age=1" : "private, max-age=1")
                .field("Vary", "Accept-Encoding")
                .etag(gzip ? etag + "-gzip" : etag);
        return gzip ? reply.field("Content-Encoding", "gzip").body(zip(text)) : reply.body(text);
    }

    private static byte[] zip(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
