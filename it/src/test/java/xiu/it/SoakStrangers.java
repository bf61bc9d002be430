package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Peers of a server under a soak that get nothing: their requests, their tokens or their bytes are wrong. */
final class SoakStrangers {
    private static final int GARBAGE = 4_000;

    private SoakStrangers() {}

    static Void wrongRequests(XiuProcess server) {
        int flv = server.port("httpflv");
        assertThat(RawHttp.get(flv, "/live/nobody.flv")).isEqualTo(404);
        assertThat(RawHttp.get(flv, "/live/../../etc/passwd")).isBetween(400, 404);
        assertThat(RawHttp.get(server.port("hls"), "/live/nobody/nobody.m3u8" + SoakRound.TOKEN))
                .isEqualTo(404);
        assertThat(RawHttp.webSocket(flv, "/live/nobody.flv")).isEqualTo(404);
        garbage(server);
        RawHttp.exchange(flv, "rubbish\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        RawHttp.exchange(server.port("rtmp"), RawHttp.request("/"));
        try (RawRtmp shaken = RawRtmp.shaken(server)) {
            // Leaves in the middle of a message.
            shaken.send("03 000000 ffffff 14 00000000 02");
        }
        try (RawRtmp player = RawRtmp.playing(server, "nobody")) {
            player.await("NetStream.Play.StreamNotFound");
        }
        return null;
    }

    /** Different bytes each time, at every port, and behind a handshake. */
    private static void garbage(XiuProcess server) {
        Random random = new Random();
        byte[] bytes = new byte[GARBAGE];
        random.nextBytes(bytes);
        // Certainly no version of RTMP, for which more bytes would be waited for; and no line that could go on.
        bytes[0] = 'G';
        bytes[1] = '\n';
        for (String protocol : List.of("rtmp", "httpflv", "hls")) {
            RawHttp.exchange(server.port(protocol), bytes);
        }
        try (RawRtmp hoarder = RawRtmp.shaken(server);
                RawRtmp babbler = RawRtmp.shaken(server)) {
            hoarder.send("06 000000 100000 09 01000000");
            hoarder.send(bytes);
            babbler.send("c7");
            babbler.awaitEnd();
        }
    }

    /** At a server that wants them, of publishers and of players of HLS. */
    static Void wrongTokens(XiuProcess server) {
        for (String query : List.of("", "?token=", "?token=wrong")) {
            try (RawRtmp thief = RawRtmp.publishing(server, "main" + query)) {
                thief.await("NetStream.Publish.BadAuth").awaitEnd();
            }
            assertThat(RawHttp.get(server.port("hls"), "/live/main/main.m3u8" + query))
                    .isBetween(401, 403);
        }
        return null;
    }
}
