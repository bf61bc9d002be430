package xiu.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import xiu.Repository;
import xiu.config.RecordShape;
import xiu.server.settings.SettingsDiff.Change;

class SettingsDiffTest {
    private static final Map<Effect, String> WORDS =
            Map.of(Effect.AT_ONCE, "at once", Effect.NEXT, "next", Effect.RESTART, "restart");

    private static ServerSettings settings(String toml) {
        return SettingsFile.load("c.toml", toml).settings();
    }

    private static SettingsDiff diff(String before, String after) {
        return SettingsDiff.between(settings(before), settings(after));
    }

    @Test
    void theSameFileIsNoChange() {
        String text = """
                address = "127.0.0.1"
                [rtmp]
                [rtmp.pull]
                url = "rtmp://h/{app}/{stream}"
                [hls]
                path = "x"
                [[stream.rules]]
                match = "live/*"
                [authsecret]
                key = "k"
                """;
        SettingsDiff diff = diff(text, text);
        assertThat(diff.changes()).isEmpty();
        assertThat(diff.applied()).isEqualTo(settings(text));
    }

    @Test
    void aChangeHasTheKeyOfTheFileAndBothValues() {
        SettingsDiff diff = diff(
                "[limits]\nstreams = 5\n",
                "[limits]\nstreams = 7\nhttp_idle_timeout = 0.5\n[stream]\ngrace = 3\non_conflict = \"reject\"\n");
        assertThat(diff.changes())
                .containsExactlyInAnyOrder(
                        new Change("limits.streams", "5", "7", Effect.AT_ONCE),
                        new Change("limits.http_idle_timeout", "60s", "500ms", Effect.NEXT),
                        new Change("stream.grace", "10s", "3s", Effect.AT_ONCE),
                        new Change("stream.on_conflict", "auto", "reject", Effect.AT_ONCE));
        assertThat(diff.applied().stream().limits().streams()).isEqualTo(7);
        assertThat(diff.restartKeys()).isEmpty();
    }

    @Test
    void whatNeedsARestartStaysAsItIsAndIsNamedEachTime() {
        ServerSettings running = settings("[rtmp]\nport = 1935\n[limits]\nstreams = 5\n");
        ServerSettings next = settings("[rtmp]\nport = 1936\nrelay_ca_file = \"ca.pem\"\n[limits]\nstreams = 7\n");
        SettingsDiff diff = SettingsDiff.between(running, next);
        assertThat(diff.restartKeys()).containsExactly("rtmp.port", "rtmp.relay_ca_file");
        assertThat(diff.changes()).contains(new Change("rtmp.relay_ca_file", "none", "ca.pem", Effect.RESTART));
        assertThat(diff.applied().rtmp()).isEqualTo(running.rtmp());
        assertThat(diff.applied().stream()).isEqualTo(next.stream());
        assertThat(SettingsDiff.between(diff.applied(), next).restartKeys())
                .containsExactly("rtmp.port", "rtmp.relay_ca_file");
    }

    @Test
    void oneKeyThatTwoPartsUseIsOneChange() {
        assertThat(diff("[rtmp]\ngop_num = 1\n", "[rtmp]\ngop_num = 2\n").changes())
                .containsExactly(new Change("rtmp.gop_num", "1", "2", Effect.NEXT));
    }

    @Test
    void secretsAreNotShown() {
        String before = """
                [authsecret]
                key = "old-secret"
                [[rtmp.push]]
                url = "rtmp://user:old-secret@h/{app}/{stream}?token=old-secret"
                """;
        SettingsDiff diff = diff(before, before.replace("old-secret", "new-secret"));
        assertThat(diff.changes()).hasSize(3);
        assertThat(diff.changes().toString())
                .contains("authsecret.key")
                .contains("rtmp.push")
                .doesNotContain("old-secret")
                .doesNotContain("new-secret");
    }

    @Test
    void eachElementOfAListThatComesOrGoesIsAChange() {
        String one = "[[rtmp.push]]\naddress = \"a\"\n";
        String two = "[[rtmp.push]]\naddress = \"b\"\nmatch = \"live/*\"\n";
        String three = "[[rtmp.push]]\naddress = \"c\"\n";
        List<Change> changes = diff(one + two, two + three).changes();
        assertThat(changes)
                .extracting(Change::from)
                .containsExactly("enabled=true address=a port=1935 match=*", "none");
        assertThat(changes).extracting(Change::to).containsExactly("none", "enabled=true address=c port=1935 match=*");
    }

    @Test
    void anotherOrderIsAChangeToo() {
        String one = "[[rtmp.pull]]\naddress = \"a\"\n";
        String two = "[[rtmp.pull]]\naddress = \"b\"\n";
        assertThat(diff(one + two, two + one).changes()).hasSize(1);
    }

    /** A new component must be told apart: whether it may change while the server runs is not for a default to say. */
    @Test
    void everyKeyHasAnEffectAndNoOther() {
        TreeSet<String> keys = new TreeSet<>();
        TreeSet<String> tables = new TreeSet<>();
        collect("", ServerSettings.defaults(), keys, tables);
        assertThat(tables).isEqualTo(new TreeSet<>(SettingsDiff.TABLES.keySet()));
        List<String> unclassified =
                keys.stream().filter(key -> Effect.of(key) == null).toList();
        assertThat(unclassified).as("keys that Effect does not name").isEmpty();
        assertThat(Effect.keys()).as("keys that Effect names").isEqualTo(keys);
    }

    private static void collect(String path, Object record, TreeSet<String> keys, TreeSet<String> tables) {
        RecordShape shape = new RecordShape(record.getClass());
        Object[] values = shape.values(record);
        for (int i = 0; i < values.length; i++) {
            String component = shape.keys().get(i);
            String inner = path.isEmpty() ? component : path + "." + component;
            if (values[i] instanceof Record table) {
                tables.add(inner);
                collect(inner, table, keys, tables);
            } else {
                keys.add(SettingsDiff.key(path, component));
            }
        }
    }

    @Test
    void theDocumentSaysTheSameOfEachKey() {
        Map<String, String> documented = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        String heading = "";
        for (String line : Repository.read(Repository.root().resolve("docs/configuration.md"))
                .lines()
                .toList()) {
            heading = line.startsWith("## ") ? line : heading;
            if (line.startsWith("| `")) {
                String[] cells = line.split(" \\| ");
                String key = key(heading, cells[0].substring(3, cells[0].length() - 1));
                Effect effect = Effect.of(key);
                documented.put(key, cells[3]);
                if (effect == null || !cells[3].equals(WORDS.get(effect))) {
                    wrong.add(key + ": " + cells[3] + " (expected: " + effect + ")");
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(documented).hasSizeGreaterThan(60);
    }

    private static String key(String heading, String key) {
        String table = heading.replaceAll("^## `\\[+([a-z.]+)\\].*", "$1");
        return switch (table) {
            case "rtmp.pull", "rtmp.push" -> table;
            case "stream" -> key.equals("match") ? "stream.rules" : "stream." + key;
            case "authsecret" -> key.contains(".") ? key : "rtmp.auth." + key;
            default -> heading.startsWith("## Outside") ? "rtmp." + key : table + "." + key;
        };
    }
}
