package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The file of a server that serves is changed and reloaded by SIGHUP. */
class ReloadIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final PacketDump SOURCE = PacketDump.normalised(TestClips.avcAac());

    /** In these, fewer connections are allowed than there are. A player of HLS opens new ones, so it comes afterwards. */
    private static final int TIGHT_ROUNDS = 10;

    /** What differs from reload to reload: much of what can change, and limits that nobody who is there would pass. */
    private static String settings(int round, int pushPort) {
        boolean odd = round % 2 == 1;
        boolean tight = odd && round <= TIGHT_ROUNDS;
        return """
                [stream]
                on_conflict = "%s"
                grace = %d
                publish_timeout = %d
                latency = "%s"
                [rtmp.auth]
                push_enabled = %b
                [authsecret]
                password = "secret-%d"
                [limits]
                connections = %d
                connections_per_address = %d
                viewer_backlog_time = %d
                rtmp_connect_timeout = %d
                http_request_timeout = %d
                memory = "%dMiB"
                [log]
                level = "%s"
                [[rtmp.push]]
                enabled = %b
                address = "127.0.0.1"
                port = %d
                """.formatted(
                        odd ? "takeover" : "reject",
                        round,
                        5 + round,
                        odd ? "low" : "adaptive",
                        odd,
                        round,
                        tight ? 1 : 1_000,
                        tight ? 1 : 500,
                        5 + round,
                        5 + round,
                        5 + round,
                        100 + round,
                        odd ? "debug" : "info",
                        odd,
                        pushPort);
    }

    private static long count(XiuProcess server, String regex) {
        return Pattern.compile(regex).matcher(server.log()).results().count();
    }

    private static void awaitCount(XiuProcess server, String regex, long count) {
        await(regex + ": " + count).atMost(SOON).until(() -> count(server, regex) >= count);
    }

    private static void assertUnbroken(List<RelayRecorder> recorders) {
        recorders.forEach(RelayRecorder::awaitEnd);
        recorders.forEach(recorder -> recorder.assertUnbroken(SOURCE, 0));
    }

    private static void awaitPlaying(List<RelayRecorder> recorders) {
        recorders.forEach(recorder -> await(recorder.name).atMost(SOON).until(() -> recorder.bytes() > 0));
    }

    @Test
    void twentyReloadsAreNoticedByNobody() {
        try (XiuProcess target = XiuProcess.start();
                XiuProcess server = XiuProcess.start(settings(0, target.port("rtmp")));
                ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), server.rtmp("live/test"))) {
            server.expectFault("event=config_problem").expectFault("event=config_not_reloaded");
            server.awaitLog("event=publish .*stream=live/test", SOON);
            List<RelayRecorder> recorders = new ArrayList<>(List.of(
                    RelayRecorder.rtmp(server, "live/test"),
                    RelayRecorder.httpFlv(server, "live/test"),
                    RelayRecorder.webSocket(server, "live/test")));
            try {
                awaitPlaying(recorders);
                for (int round = 1; round <= 20; round++) {
                    if (round % 5 == 0) {
                        server.reload(settings(round, target.port("rtmp")) + "match = 5\nnonsense = 1\n");
                        awaitCount(server, "event=config_not_reloaded .*problems=2", round / 5);
                    } else {
                        server.reload(settings(round, target.port("rtmp")));
                        awaitCount(server, "event=config_reloaded .*restart_needed=no", round - round / 5);
                    }
                    if (round == TIGHT_ROUNDS + 1) {
                        recorders.add(RelayRecorder.hls(server, "live/test"));
                        awaitPlaying(recorders);
                    }
                    assertThat(recorders).allMatch(RelayRecorder::isPlaying);
                }
                publisher.signal("INT");
                assertUnbroken(recorders);
            } finally {
                recorders.forEach(RelayRecorder::close);
            }
            assertThat(count(server, "event=publish ")).isEqualTo(1);
            assertThat(server.log()).contains("key=limits.connections from=\"1000\" to=\"1\" effect=at_once");
            assertThat(server.log()).doesNotContain("secret-");
            awaitCount(target, "event=publish .*stream=live/test", 2);
        }
    }

    @Test
    void oneTargetGoesAndTheOtherIsNotTouched() {
        try (XiuProcess goes = XiuProcess.start();
                XiuProcess stays = XiuProcess.start();
                XiuProcess server = XiuProcess.start(target(goes) + target(stays));
                ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), server.rtmp("live/test"))) {
            goes.awaitLog("event=publish .*stream=live/test", SOON);
            stays.awaitLog("event=publish .*stream=live/test", SOON);
            List<RelayRecorder> recorders = List.of(RelayRecorder.httpFlv(stays, "live/test"));
            try {
                recorders.forEach(recorder -> await(recorder.name).atMost(SOON).until(() -> recorder.bytes() > 0));
                server.reload(target(stays));
                goes.awaitLog("event=session_end .*app=live .*reason=GOODBYE", SOON);
                server.reload(target(stays) + target(goes));
                awaitCount(goes, "event=publish .*stream=live/test", 2);
                publisher.signal("INT");
                assertUnbroken(recorders);
            } finally {
                recorders.forEach(RelayRecorder::close);
            }
            assertThat(count(stays, "event=publish .*stream=live/test")).isEqualTo(1);
        }
    }

    private static String target(XiuProcess server) {
        return "[[rtmp.push]]\naddress = \"127.0.0.1\"\nport = %d\n".formatted(server.port("rtmp"));
    }
}
