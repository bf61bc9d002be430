package xiu.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.config.ConfigException;
import xiu.stream.settings.LatencyMode;
import xiu.stream.settings.StreamSettings.OnConflict;
import xiu.transport.BindAddress;

class SettingsFileTest {
    /** Every key of XIU's documentation. */
    private static final String XIU = """
            [rtmp]
            enabled = true
            port = 1935
            gop_num = 1
            [rtmp.pull]
            enabled = false
            address = "192.168.0.1"
            port = 1935
            [[rtmp.push]]
            enabled = true
            address = "localhost"
            port = 1936
            [[rtmp.push]]
            enabled = true
            address = "192.168.0.3"
            port = 1935
            [rtmp.auth]
            pull_enabled = false
            push_enabled = false
            algorithm = "simple"
            [rtsp]
            enabled = false
            port = 5544
            [webrtc]
            enabled = false
            port = 8900
            [httpflv]
            enabled = true
            port = 8081
            [httpflv.auth]
            pull_enabled = false
            algorithm = "md5"
            [hls]
            enabled = true
            port = 8080
            fragment = 2
            live_ts_count = 6
            path = "./hls"
            need_record = false
            aof_ratio = 1
            [httpapi]
            port = 8000
            [httpnotify]
            enabled = false
            on_publish = "http://localhost:3001/on_publish"
            [authsecret]
            key = "k"
            password = "p"
            push_password = "q"
            [log]
            level = "info"
            [log.file]
            enabled = false
            rotate = "hour"
            path = "./logs"
            """;

    @Test
    void acceptsEveryKeyOfXiu() {
        LoadedSettings loaded = SettingsFile.load("f", XIU);
        ServerSettings settings = loaded.settings();
        assertThat(settings.rtmp().port()).isEqualTo(1935);
        assertThat(settings.stream().gopNum()).isEqualTo(1);
        assertThat(settings.hls().path()).contains(Path.of("./hls"));
        assertThat(settings.relay().pull()).hasSize(1);
        assertThat(settings.relay().push()).hasSize(2);
        assertThat(settings.auth().secret().pushPassword()).isEqualTo("q");
        assertThat(settings.toString()).doesNotContain("key = ", "=q", "=p,");
        assertThat(loaded.warnings())
                .anySatisfy(line -> assertThat(line).startsWith("f:41: httpapi: enabled, but"))
                .noneSatisfy(line -> assertThat(line).contains("rtsp"))
                .noneSatisfy(line -> assertThat(line).contains("httpnotify"));
        assertThat(loaded.notes())
                .containsExactly("f:5: rtmp.pull: the relay rtmp://192.168.0.1:1935/{app}/{stream}"
                        + " is configured but off (enabled = false)");
    }

    @Test
    void readsTheKeysThatXiuDoesNotHave() {
        ServerSettings settings = SettingsFile.load("f", """
                        address = "127.0.0.1"
                        [rtmp]
                        port = 0
                        address = "::1"
                        [[rtmp.pull]]
                        url = "rtmps://h/{app}/{stream}?{query}"
                        match = "live/*"
                        wait = 3
                        linger = "1m"
                        [[rtmp.pull]]
                        address = "backup"
                        [hls]
                        [stream]
                        latency = "low"
                        on_conflict = "takeover"
                        grace = 5
                        publish_timeout = 7.5
                        [[stream.rules]]
                        match = "cam/*"
                        [limits]
                        log_bytes = "4MiB"
                        connections = 10
                        rtmp_message_streams = 8
                        http_header_bytes = 1024
                        hls_window_bytes = "1GiB"
                        [transport]
                        threads = 2
                        io = "nio"
                        """).settings();
        assertThat(settings.rtmp().address()).isEqualTo(BindAddress.parse("::1"));
        assertThat(settings.hls().address()).isEqualTo(BindAddress.parse("127.0.0.1"));
        assertThat(settings.hls().enabled()).isTrue();
        assertThat(settings.httpflv().enabled()).isFalse();
        assertThat(settings.relay().pull().getFirst().wait_()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.relay().pull().getFirst().linger()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.relay().pull().getLast().address()).contains("backup");
        assertThat(settings.stream().latencyOf("cam/1")).isEqualTo(LatencyMode.ADAPTIVE);
        assertThat(settings.stream().latencyOf("live/1")).isEqualTo(LatencyMode.LOW);
        assertThat(settings.stream().onConflict()).isEqualTo(OnConflict.TAKEOVER);
        assertThat(settings.stream().publishTimeout()).isEqualTo(Duration.ofMillis(7500));
        assertThat(settings.stream().limits().logBytes()).isEqualTo(4 << 20);
        assertThat(settings.transport().limits().connections()).isEqualTo(10);
        assertThat(settings.rtmp().limits().messageStreams()).isEqualTo(8);
        assertThat(settings.http().headerBytes()).isEqualTo(1024);
        assertThat(settings.hls().limits().windowBytes()).isEqualTo(1 << 30);
        assertThat(settings.transport().threads()).isEqualTo(2);
    }

    @Test
    void aFileThatNamesNoProtocolLeavesAllOfThemOn() {
        ServerSettings settings =
                SettingsFile.load("f", "[log]\nlevel = \"warn\"").settings();
        assertThat(Listeners.of(settings)).hasSize(3);
        assertThat(settings.log().level()).isEqualTo(LogSettings.Level.WARN);
    }

    @Test
    void aFileThatNamesAProtocolMeansOnlyThat() {
        assertThat(Listeners.of(SettingsFile.load("f", "[rtmp]").settings()))
                .extracting(Listeners.Listener::name)
                .containsExactly("rtmp");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1    | -1 (expected: 0 to 65535)",
                "65536 | 65536 (expected: 0 to 65535)",
            })
    void refusesPortsOutOfRange(String port, String message) {
        for (String table : List.of("rtmp", "httpflv", "hls")) {
            assertThat(problems("[" + table + "]\nport = " + port))
                    .containsExactly("f:2: " + table + ".port: " + message);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rtmp_amf_depth = 7             | 7 (expected: 8 to 256)",
                "rtmp_amf_bytes = 100           | 100 (expected: 4096 to 67108864)",
                "rtmp_amf_string_bytes = 100    | 100 (expected: 1024 to 16777215)",
                "rtmp_message_timeout = 0       | 0 ms (expected: 100 ms to 1 h)",
                "rtmp_unfinished_bytes = '1KiB' | 1024 (expected: 0, or 1048576 to 70368744177664)"
            })
    void refusesLimitsOutOfRange(String line, String message) {
        String key = line.substring(0, line.indexOf(' '));
        assertThat(problems("[limits]\n" + line)).containsExactly("f:2: limits." + key + ": " + message);
    }

    @Test
    void refusesAPortUsedTwice() {
        assertThat(problems("[rtmp]\nport = 8080\n[hls]\nport = 8080"))
                .containsExactly("f:4: hls.port: 8080 is used twice (also by rtmp.port, line 2)");
        assertThat(problems("[hls]\nport = 1935\n[rtmp]\n"))
                .containsExactly("f:3: rtmp.port: 1935 is used twice (also by hls.port, line 2)");
        assertThat(problems("[hls]\n[rtmp]\nport = 8080\n"))
                .containsExactly("f:3: rtmp.port: 8080 is used twice (also by hls.port, its default)");
    }

    @Test
    void refusesHttpOnOnePortOfDifferentOverlappingAddresses() {
        assertThat(problems("[httpflv]\nport = 80\naddress = \"127.0.0.1\"\n[hls]\nport = 80\n[rtmp]"))
                .containsExactly("f:5: hls.port: 80 is used twice (also by httpflv.port, line 2)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[rtmp]\n[httpflv]\nport = 80\n[hls]\nport = 80",
                "[rtmp]\nport = 0\n[httpflv]\nport = 0\n[hls]\nport = 0",
                "[rtmp]\nport = 80\naddress = '127.0.0.1'\n[hls]\nport = 80\naddress = '127.0.0.2'",
                "[rtmp]\nport = 80\n[hls]\nport = 80\nenabled = false"
            })
    void allowsPortsThatDoNotCollide(String text) {
        assertThat(SettingsFile.load("f", text).warnings()).isEmpty();
    }

    @Test
    void refusesWhenNothingWouldListen() {
        assertThat(problems("[rtmp]\nenabled = false"))
                .containsExactly("f: nothing would listen (expected: rtmp, httpflv or hls enabled)");
    }

    @Test
    void warnsWhenNoStreamCanComeIn() {
        assertThat(SettingsFile.load("f", "[hls]").warnings())
                .containsExactly("f: no stream can come in: rtmp is off, and so is rtmp.pull");
    }

    @ParameterizedTest
    @ValueSource(strings = {"httpapi", "rtsp", "webrtc"})
    void neverIgnoresAuthOfAProtocolThatIsNotBuilt(String table) {
        for (String key : List.of("pull_enabled", "push_enabled")) {
            assertThat(problems("[rtmp]\n[" + table + ".auth]\n" + key + " = true"))
                    .containsExactly("f:3: " + table + ".auth." + key
                            + ": true, but this version cannot check tokens yet and does not start unprotected"
                            + " (expected: false)");
        }
    }

    @Test
    void publishingAloneNeedsItsOwnSecretOrThatOfPlaying() {
        String auth = "[rtmp]\n[rtmp.auth]\npush_enabled = true\n";
        String missing = "f:2: rtmp.auth: enabled without a secret (expected: authsecret.password)";
        assertThat(problems(auth)).containsExactly(missing);
        assertThat(problems(auth + "pull_enabled = true\n[authsecret]\npush_password = \"p\""))
                .containsExactly(missing);
        assertThat(SettingsFile.load("f", auth + "[authsecret]\npush_password = \"p\"")
                        .warnings())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rtmp", "httpflv", "hls"})
    void tokensNeedASecret(String table) {
        String auth = "[rtmp]\n[" + table + ".auth]\npull_enabled = true\n";
        assertThat(problems(auth))
                .containsExactly("f:2: " + table + ".auth: enabled without a secret (expected: authsecret.password)");
        assertThat(problems(auth + "algorithm = \"md5\"\n[authsecret]\npassword = \"p\""))
                .containsExactly("f:2: " + table + ".auth: enabled without a secret (expected: authsecret.key)");
        assertThat(SettingsFile.load("f", auth + "[authsecret]\npassword = \"p\"")
                        .settings()
                        .auth()
                        .secret()
                        .password())
                .isEqualTo("p");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rtsp", "webrtc", "httpflv", "hls"})
    void whatIsOffNeedsNoTokens(String table) {
        String off = "[rtmp]\n[" + table + "]\nenabled = false\n[" + table + ".auth]\npull_enabled = true\n";
        assertThat(SettingsFile.load("f", off).warnings()).isEmpty();
        assertThat(problems(off.replace("false", "true"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[[rtmp.push]]                | f:2: rtmp.push[0]: address is missing (expected: address, or url)",
                "[rtmp.pull]                  | f:2: rtmp.pull: address is missing (expected: address, or url)",
                "push = [{port=0}]            | f:2: rtmp.push[0].port: 0 (expected: 1 to 65535)",
                "pull.url = 'http://h/a/b'    | f:2: rtmp.pull: url: scheme http (expected: rtmp or rtmps)",
                "pull.address = 'a b'         | f:2: rtmp.pull.address: \"a b\" (expected: a host name or an IP address)",
                "pull.wait = 0                | f:2: rtmp.pull.wait: 0 ms (expected: 0.1 s to 3600 s)",
                "address = 'no such.invalid'  | f:2: rtmp.address: \"no such.invalid\" (expected: an IPv4 or IPv6 address of"
                        + " this machine, or \"*\" for all)",
            })
    void refusesBadRelaysAndAddresses(String text, String message) {
        assertThat(problems("[rtmp]\n" + text.replace('\'', '"'))).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[rtmp.pull]\\naddress = 'a b'     | f:3: rtmp.pull.address: \"a b\" (expected: a host name or an IP address)",
                "[[rtmp.push]]\\naddress = 'h,i'   | f:3: rtmp.push[0].address: \"h,i\" (expected: a host name or an IP address)",
                "[[rtmp.push]]\\nurl = 'rtmp://h'  | f:3: rtmp.push[0].url: \"rtmp://h\" (expected: an app and a name behind"
                        + " the host, like \"rtmp://host/{app}/{stream}\")",
                "[rtmp.pull]\\nurl = 'rtmp://h/a' | f:3: rtmp.pull.url: \"rtmp://h/a\" (expected: an app and a name behind"
                        + " the host, like \"rtmp://host/{app}/{stream}\")",
            })
    void aRelayThatCanNeverWorkIsRefusedWithOneMessage(String text, String message) {
        assertThat(problems("[rtmp]\n" + text.replace('\'', '"').replace("\\n", "\n")))
                .containsExactly(message);
    }

    @Test
    void namesWithUnderscoresAndBeyondAsciiAreHosts() {
        ServerSettings settings = SettingsFile.load("f", """
                        [rtmp]
                        [rtmp.pull]
                        address = "media_server"
                        [[rtmp.push]]
                        url = "rtmp://bücher.example/live-bvc/?streamname=x&key=y"
                        """).settings();
        assertThat(settings.relay().pull().getFirst().upstream())
                .hasToString("rtmp://media_server:1935/{app}/{stream}");
        assertThat(settings.relay().push()).hasSize(1);
    }

    @Test
    void aLoginNeedsTokensToPublish() {
        String text = "[authsecret]\npassword = \"p\"\n[rtmp]\n[rtmp.auth]\nchallenge = true\n";
        assertThat(problems(text))
                .containsExactly("f:5: rtmp.auth.challenge: true where publishers need no token (expected:"
                        + " push_enabled = true)");
        ServerSettings settings =
                SettingsFile.load("f", text + "push_enabled = true\n").settings();
        assertThat(settings.rtmp().login().challenge()).isTrue();
        assertThat(settings.auth().rtmp().pushEnabled()).isTrue();
    }

    @Test
    void refusesATargetGivenTwice() {
        assertThat(problems("[rtmp]\n[[rtmp.push]]\naddress = \"h\"\nurl = \"rtmp://h/a/b\""))
                .containsExactly("f:4: rtmp.push[0].url: given beside address (expected: one of the two)");
    }

    @Test
    void suggestsTables() {
        assertThat(problems("[rtpm]\n[htpflv]\n[hls]\n"))
                .containsExactly(
                        "f:1: rtpm: unknown table (did you mean \"rtmp\"?)",
                        "f:2: htpflv: unknown table (did you mean \"httpflv\"?)");
    }

    @Test
    void aRecordingWithoutAPathHasAFolder() {
        assertThat(SettingsFile.load("f", "[rtmp]\n[hls]\nneed_record = true")
                        .settings()
                        .hls()
                        .folder())
                .contains(Path.of("hls"));
        assertThat(ServerSettings.defaults().hls().folder()).isEqualTo(Optional.empty());
    }

    private static List<String> problems(String text) {
        return catchThrowableOfType(ConfigException.class, () -> SettingsFile.load("f", text))
                .problems();
    }
}
