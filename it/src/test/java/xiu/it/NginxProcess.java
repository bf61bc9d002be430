package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The RTMP server nginx-rtmp of Debian, in the foreground, with a configuration and folder of its own. */
final class NginxProcess implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String PROGRAM = "/usr/sbin/nginx";
    private static final String SETTINGS = """
            load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr info;
            events { worker_connections 64; }
            rtmp {
                access_log off;
                server {
                    listen 127.0.0.1:%d;
                    %s
                }
            }
            """;

    private final ExternalProcess process;
    private final int port;

    private NginxProcess(ExternalProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it and waits until it runs.
     *
     * @param applications blocks of its configuration, for instance {@code application live { live on; }}
     */
    static NginxProcess start(int port, String applications) {
        Path folder = Workspace.temporary("nginx");
        Path settings = folder.resolve("nginx.conf");
        try {
            Files.writeString(settings, SETTINGS.formatted(port, applications));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = List.of(PROGRAM, "-p", folder.toString(), "-e", "stderr", "-c", settings.toString());
        NginxProcess started = new NginxProcess(ExternalProcess.start(folder, Map.of(), command), port);
        try {
            started.awaitLog("using the \"epoll\" event method");
            return started;
        } catch (AssertionError e) {
            started.process.close();
            throw e;
        }
    }

    String rtmp(String path) {
        return "rtmp://127.0.0.1:%d/%s".formatted(port, path);
    }

    void awaitLog(String regex) {
        process.awaitText(regex, TIMEOUT);
    }

    String log() {
        return process.errors();
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                int exit = process.terminate(TIMEOUT);
                assertThat(exit).as(() -> process.describe("exit code")).isZero();
            }
        } finally {
            process.close();
        }
    }
}
