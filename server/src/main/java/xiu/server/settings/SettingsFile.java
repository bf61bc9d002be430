package xiu.server.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xiu.config.ConfigException;
import xiu.config.TomlBinder;
import xiu.http.HttpSettings;
import xiu.protocol.hls.HlsLimits;
import xiu.protocol.hls.HlsSettings;
import xiu.protocol.httpflv.HttpFlvSettings;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.login.LoginSettings;
import xiu.service.auth.AuthAlgorithm;
import xiu.service.auth.AuthRule;
import xiu.service.auth.AuthSecret;
import xiu.service.auth.AuthSettings;
import xiu.service.relay.PullSettings;
import xiu.service.relay.PushSettings;
import xiu.service.relay.RelaySettings;
import xiu.service.relay.UrlTemplate;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;
import xiu.transport.BindAddress;
import xiu.transport.ConnectionLimits;
import xiu.transport.TransportSettings;
import xiu.transport.tls.TlsPort;
import xiu.transport.tls.TlsPorts;
import xiu.transport.tls.TlsSettings;

/** Reads {@link ServerSettings} from a TOML file: which table and key feeds which record. */
public final class SettingsFile {
    /** The keys outside all tables. */
    record TopLevel(BindAddress address) {}

    private static final List<String> PROTOCOLS = List.of("rtmp", "httpflv", "hls");

    private final TomlBinder toml;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private SettingsFile(TomlBinder toml) {
        this.toml = toml;
    }

    /**
     * Reads and checks a file.
     *
     * @throws ConfigException with everything that is wrong with it
     */
    public static LoadedSettings load(Path file) {
        return new SettingsFile(TomlBinder.read(file)).load();
    }

    /** Reads and checks a text that messages call {@code file}. */
    public static LoadedSettings load(String file, String text) {
        return new SettingsFile(TomlBinder.parse(file, text)).load();
    }

    private LoadedSettings load() {
        ServerSettings settings = bind();
        CertificateCheck.check(toml, settings, warnings);
        Unbuilt.acceptSections(toml, warnings);
        Unbuilt.refuseAuth(toml);
        checkSecrets(settings);
        checkListeners(settings);
        checkPulls(settings.relay().pull());
        checkPushes(settings.relay().push());
        toml.finish();
        Map<String, String> places = new HashMap<>();
        for (String name : PROTOCOLS) {
            for (String key : List.of(name + ".port", name + ".tls.port")) {
                places.put(key, toml.file() + ":" + toml.line(key) + ": " + key);
            }
        }
        return new LoadedSettings(settings, List.copyOf(warnings), List.copyOf(notes), Map.copyOf(places));
    }

    private ServerSettings bind() {
        BindAddress address = toml.bind("", new TopLevel(BindAddress.ANY)).address();
        RtmpSettings rtmp = RtmpSettings.defaults();
        rtmp = toml.bind("rtmp", rtmp.enabled(isOn("rtmp")).at(address, rtmp.port()), "limits", "login");
        HttpFlvSettings httpflv = HttpFlvSettings.defaults();
        httpflv = toml.bind("httpflv", httpflv.enabled(isOn("httpflv")).at(address, httpflv.port()));
        HlsSettings hls = HlsSettings.defaults();
        hls = toml.bind("hls", hls.enabled(isOn("hls")).at(address, hls.port()), "limits");
        TransportSettings transport = toml.bind("transport", TransportSettings.defaults(), "limits");
        StreamSettings stream = toml.bind("stream", StreamSettings.defaults(), "gop_num", "limits");
        return new ServerSettings(
                rtmp.with(toml.bind("limits", "rtmp_", RtmpLimits.defaults()))
                        .with(toml.bind("rtmp.auth", LoginSettings.defaults())),
                httpflv,
                hls.with(toml.bind("limits", "hls_", HlsLimits.defaults())),
                stream.with(rtmp.gopNum(), toml.bind("limits", StreamLimits.defaults())),
                toml.bind("rtmp", RelaySettings.defaults()),
                transport.with(toml.bind("limits", ConnectionLimits.defaults())),
                toml.bind("limits", "http_", HttpSettings.defaults()),
                bindAuth(),
                toml.bind("tls", TlsSettings.defaults()),
                new TlsPorts(
                        bindTls("rtmp", rtmp.address(), TlsPorts.defaults().rtmp()),
                        bindTls(
                                "httpflv",
                                httpflv.address(),
                                TlsPorts.defaults().httpflv()),
                        bindTls("hls", hls.address(), TlsPorts.defaults().hls())),
                toml.bind("log", LogSettings.defaults()));
    }

    /** A protocol whose table for TLS is in the file listens for it, on the protocol's address if it names no other. */
    private TlsPort bindTls(String protocol, BindAddress address, TlsPort usual) {
        String table = protocol + ".tls";
        return toml.bind(table, usual.enabled(toml.has(table)).at(address));
    }

    private AuthSettings bindAuth() {
        return new AuthSettings(
                toml.bind("authsecret", AuthSecret.defaults()),
                toml.bind("rtmp.auth", AuthRule.defaults()),
                toml.bind("httpflv.auth", AuthRule.defaults()),
                toml.bind("hls.auth", AuthRule.defaults()));
    }

    /** A protocol that runs and asks for tokens needs something to compare them with. */
    private void checkSecrets(ServerSettings settings) {
        AuthSettings auth = settings.auth();
        if (settings.rtmp().login().challenge() && !auth.rtmp().pushEnabled()) {
            toml.problem("rtmp.auth.challenge", "true where publishers need no token (expected: push_enabled = true)");
        }
        checkSecret("rtmp", settings.rtmp().enabled(), auth.rtmp(), auth.secret());
        checkSecret("httpflv", settings.httpflv().enabled(), auth.httpflv(), auth.secret());
        checkSecret("hls", settings.hls().enabled(), auth.hls(), auth.secret());
    }

    private void checkSecret(String name, boolean runs, AuthRule rule, AuthSecret secret) {
        boolean md5 = rule.algorithm() == AuthAlgorithm.MD5;
        boolean needsPlaySecret = rule.pullEnabled()
                || (rule.pushEnabled() && secret.pushPassword().isEmpty());
        if (runs && needsPlaySecret && (md5 ? secret.key() : secret.password()).isEmpty()) {
            toml.problem(
                    name + ".auth",
                    "enabled without a secret (expected: authsecret." + (md5 ? "key" : "password") + ")");
        }
    }

    /** A file that names protocols means only those; one that names none leaves all of them on. */
    private boolean isOn(String protocol) {
        if (toml.has(protocol)) {
            return true;
        }
        for (String name : PROTOCOLS) {
            if (toml.has(name)) {
                return false;
            }
        }
        return true;
    }

    private void checkListeners(ServerSettings settings) {
        List<Listeners.Listener> listeners = Listeners.of(settings);
        if (listeners.isEmpty()) {
            toml.problem("", "nothing would listen (expected: rtmp, httpflv or hls enabled)");
        }
        for (Listeners.Collision collision : Listeners.collisions(listeners)) {
            String first = collision.first().key();
            String second = collision.second().key();
            boolean inOrder = toml.line(first) <= toml.line(second);
            String other = inOrder ? first : second;
            String where = toml.has(other) ? "line " + toml.line(other) : "its default";
            toml.problem(
                    inOrder ? second : first,
                    collision.first().port() + " is used twice (also by " + other + ", " + where + ")");
        }
        boolean pulls = false;
        for (PullSettings pull : settings.relay().pull()) {
            pulls |= pull.enabled();
        }
        if (!settings.rtmp().enabled() && !pulls) {
            warnings.add(toml.file() + ": no stream can come in: rtmp is off, and so is rtmp.pull");
        }
    }

    private void checkPulls(List<PullSettings> pulls) {
        for (int i = 0; i < pulls.size(); i++) {
            PullSettings pull = pulls.get(i);
            if (!pull.hasTarget()) {
                targetIsMissing("rtmp.pull", i);
            } else {
                checkRelay("rtmp.pull", i, pull.enabled(), pull.upstream());
            }
        }
    }

    private void checkPushes(List<PushSettings> pushes) {
        for (int i = 0; i < pushes.size(); i++) {
            PushSettings push = pushes.get(i);
            if (!push.hasTarget()) {
                targetIsMissing("rtmp.push", i);
            } else {
                checkRelay("rtmp.push", i, push.enabled(), push.target());
            }
        }
    }

    /** One that is there and bad has been reported already. */
    private void targetIsMissing(String table, int index) {
        if (!toml.has(table, index, "address") && !toml.has(table, index, "url")) {
            toml.problem(table, index, "address is missing (expected: address, or url)");
        }
    }

    private void checkRelay(String table, int index, boolean enabled, UrlTemplate url) {
        if (!url.scheme().equals("rtmp") && !url.scheme().equals("rtmps")) {
            toml.problem(table, index, "url: scheme " + url.scheme() + " (expected: rtmp or rtmps)");
        }
        String relay = toml.file() + ":" + toml.line(table, index) + ": " + table + ": the relay " + url;
        if (!enabled) {
            notes.add(relay + " is configured but off (enabled = false)");
        }
    }
}
