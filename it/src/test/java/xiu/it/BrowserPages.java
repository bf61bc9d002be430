package xiu.it;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The player page of the examples in a headless Chromium, once for each stream, and what the video element of each does.
 * The pages come from a web server of the test, so from another origin than the streams.
 */
final class BrowserPages implements AutoCloseable {
    private static final Pattern LINE = Pattern.compile(
            "^page=(\\d+) millis=(\\d+) frames=(\\d+) sound=(\\d+) light=(\\d+) picture=(-?\\d+)"
                    + " ended=(true|false) failure=(.*)\n",
            Pattern.MULTILINE);

    private final HttpServer web;
    private final ExternalProcess browser;
    private final Path folder = Workspace.temporary("browser");

    /**
     * What a video element was seen to do.
     *
     * @param millis its place in the stream
     * @param frames decoded since it began
     * @param sound bytes decoded since it began
     * @param light mean of the picture's pixels, 0 to 255
     * @param picture a hash of the picture
     * @param failure what player, video element and page complained of; empty when nothing
     */
    record State(int millis, int frames, int sound, int light, int picture, boolean ended, String failure) {}

    private BrowserPages(List<String> streams) {
        try {
            web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        web.createContext("/player.html", exchange -> {
            try (exchange) {
                byte[] page = Files.readAllBytes(Workspace.root().resolve("examples/player.html"));
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        web.start();
        List<String> command = new ArrayList<>(List.of("node"));
        command.add(Workspace.root().resolve("it/src/test/browser/watch.mjs").toString());
        command.add(Workspace.root().resolve("it/target/browser/node_modules").toString());
        command.add(folder.toString());
        for (String stream : streams) {
            command.add("http://127.0.0.1:%d/player.html?url=%s"
                    .formatted(web.getAddress().getPort(), URLEncoder.encode(stream, StandardCharsets.UTF_8)));
        }
        browser = ExternalProcess.start(folder, Map.of(), command);
    }

    /** Opens one page for each stream. */
    static BrowserPages open(String... streams) {
        return new BrowserPages(List.of(streams));
    }

    /** All that a page was seen to do until now. */
    List<State> states(int page) {
        return LINE.matcher(browser.output())
                .results()
                .filter(line -> Integer.parseInt(line.group(1)) == page)
                .map(line -> new State(
                        Integer.parseInt(line.group(2)),
                        Integer.parseInt(line.group(3)),
                        Integer.parseInt(line.group(4)),
                        Integer.parseInt(line.group(5)),
                        Integer.parseInt(line.group(6)),
                        Boolean.parseBoolean(line.group(7)),
                        line.group(8)))
                .toList();
    }

    /** Waits until a page does something; fails when it does not, or when it complains. */
    State await(int page, String what, Duration timeout, Predicate<State> wanted) {
        try {
            return Awaitility.await()
                    .atMost(timeout)
                    .pollInterval(Duration.ofMillis(100))
                    .until(
                            () -> {
                                List<State> states = states(page);
                                if (states.isEmpty()) {
                                    return null;
                                }
                                State state = states.getLast();
                                if (!state.failure().isEmpty() || !browser.isAlive()) {
                                    throw new AssertionError(browser.describe("page " + page + " failed: " + what));
                                }
                                return wanted.test(state) ? state : null;
                            },
                            state -> state != null);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(browser.describe("page " + page + " did not: " + what), e);
        }
    }

    /** What a page looked like when it had played for two seconds. */
    Path screenshot(int page) {
        return folder.resolve(page + ".png");
    }

    @Override
    public void close() {
        try {
            if (browser.isAlive()) {
                browser.terminate(Duration.ofSeconds(20));
            }
        } finally {
            browser.close();
            web.stop(0);
        }
    }
}
