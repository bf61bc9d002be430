package xiu.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import xiu.Repository;
import xiu.http.HttpSettings;
import xiu.protocol.hls.HlsLimits;
import xiu.protocol.hls.HlsSettings;
import xiu.protocol.httpflv.HttpFlvSettings;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.login.LoginSettings;
import xiu.service.auth.AuthRule;
import xiu.service.auth.AuthSecret;
import xiu.service.relay.PullSettings;
import xiu.service.relay.PushSettings;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;
import xiu.transport.ConnectionLimits;
import xiu.transport.TransportSettings;
import xiu.transport.tls.TlsPort;
import xiu.transport.tls.TlsSettings;

/** docs/configuration.md and examples/ against the records. */
class DocumentedSettingsTest {
    private static final Path DOCUMENT = Repository.root().resolve("docs/configuration.md");

    /** Heading → record, and what its keys begin with. */
    private record Source(String heading, String prefix, Class<?> type) {}

    private static final List<Source> SOURCES = List.of(
            new Source("## Outside", "", SettingsFile.TopLevel.class),
            new Source("## `[rtmp]`", "", RtmpSettings.class),
            new Source("## `[rtmp.pull]`", "", PullSettings.class),
            new Source("## `[[rtmp.push]]`", "", PushSettings.class),
            new Source("## `[httpflv]`", "", HttpFlvSettings.class),
            new Source("## `[hls]`", "", HlsSettings.class),
            new Source("## `[stream]`", "", StreamSettings.class),
            new Source("## `[stream]`", "", StreamSettings.Rule.class),
            new Source("## `[transport]`", "", TransportSettings.class),
            new Source("## `[limits]`", "", ConnectionLimits.class),
            new Source("## `[limits]`", "", StreamLimits.class),
            new Source("## `[limits]`", "rtmp_", RtmpLimits.class),
            new Source("## `[limits]`", "http_", HttpSettings.class),
            new Source("## `[limits]`", "hls_", HlsLimits.class),
            new Source("## `[tls]`", "", TlsSettings.class),
            new Source("## `[rtmp.tls]`", "", TlsPort.class),
            new Source("## `[log]`", "", LogSettings.class),
            new Source("## `[log.file]`", "", LogSettings.Files.class),
            new Source("## `[authsecret]`", "authsecret.", AuthSecret.class),
            new Source("## `[authsecret]`", "", AuthRule.class),
            new Source("## `[authsecret]`", "", LoginSettings.class));

    /** Components that are tables of their own, or come from another table. */
    private static final Map<Class<?>, List<String>> ELSEWHERE = Map.of(
            RtmpSettings.class, List.of("limits", "login"),
            HlsSettings.class, List.of("limits"),
            TransportSettings.class, List.of("limits"),
            StreamSettings.class, List.of("limits", "gop_num"),
            LogSettings.class, List.of("file"));

    @Test
    void everyKeyIsDocumentedInItsTableAndNoOther() {
        List<String> problems = new ArrayList<>();
        for (String heading : SOURCES.stream().map(Source::heading).distinct().toList()) {
            TreeSet<String> expected = new TreeSet<>();
            for (Source source : SOURCES) {
                if (source.heading().equals(heading)) {
                    expected.addAll(keys(source));
                }
            }
            TreeSet<String> documented = documented(heading);
            if (!documented.equals(expected)) {
                problems.add(heading + ": documented " + documented + ", but the keys are " + expected);
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void everyExampleBinds() {
        List<Path> examples = Repository.files("examples", ".toml");
        assertThat(examples)
                .extracting(path -> path.getFileName().toString())
                .contains(
                        "config_rtmp.toml",
                        "config_rtmp_hls.toml",
                        "config_rtmp_httpflv.toml",
                        "config_rtmp_httpflv_hls.toml",
                        "config_push.toml",
                        "config_pull.toml");
        for (Path example : examples) {
            LoadedSettings loaded = SettingsFile.load(example);
            assertThat(Listeners.of(loaded.settings())).isNotEmpty();
            assertThat(loaded.notes()).as("%s", example).isEmpty();
        }
    }

    private static List<String> keys(Source source) {
        List<String> keys = new ArrayList<>();
        for (RecordComponent component : source.type().getRecordComponents()) {
            String key = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
            String plain = key.endsWith("_") ? key.substring(0, key.length() - 1) : key;
            if (!ELSEWHERE.getOrDefault(source.type(), List.of()).contains(plain)) {
                keys.add(source.prefix() + plain);
            }
        }
        return keys;
    }

    /** The first cells of the tables below a heading. */
    private static TreeSet<String> documented(String heading) {
        TreeSet<String> keys = new TreeSet<>();
        boolean inside = false;
        for (String line : Repository.read(DOCUMENT).lines().toList()) {
            if (line.startsWith("## ")) {
                inside = line.startsWith(heading);
            } else if (inside && line.startsWith("| `")) {
                keys.add(line.substring(3, line.indexOf('`', 3)));
            }
        }
        return keys;
    }
}
