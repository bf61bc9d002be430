package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The flame graph of benchmarks/: what it draws of known stacks, and that it can be had of a server that plays. */
class FlameIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    /** A thousand samples of the server and some of the profiler's own, as async-profiler writes them. */
    private static final String STACKS = """
            [xiu-loop-3-1 tid=77];java.lang.Thread.run_[0];io.netty.channel.Loop.run_[0];xiu.medialog.Log.<init>_[1];send;do_call_[k];__x64_sys_sendto_[k];tcp.isra.0_[k] 500
            [xiu-loop-3-2 tid=78];java.lang.Thread.run_[0];io.netty.channel.Loop.run_[1];xiu.medialog.Log.<init>_[i];send;do_call_[k];__x64_sys_sendto_[k];tcp_[k] 100
            [xiu-loop-3-1 tid=77];java.lang.Thread.run_[0];io.netty.channel.Loop.run_[0];xiu.medialog.Log$$Lambda.0x80001.run_[0];xiu.medialog.Log.<init>_[i] 250
            [xiu-loop-3-1 tid=77];java.lang.Thread.run_[0];io.netty.channel.Loop.run_[0];xiu.medialog.Log$$Lambda.0x80001.run_[0];xiu.medialog.Log.again_[1];xiu.medialog.Log$$Lambda.0x80002.run_[1];java.util.List.of_[i] 49
            [xiu-loop-3-1 tid=77];java.lang.Thread.run_[0];io.netty.channel.Loop.run_[0];/tmp/libnetty_transport_native_epoll_x86_6412.so (deleted) 97
            [C1 CompilerThre tid=5];clone3;start_thread;Compile::one 2
            [C1 CompilerThre tid=5];clone3;start_thread;Compile::two 2
            [Attach Listener tid=9];clone3;start_thread;jcmd 700
            """;

    @Test
    void theTablesAreTheSharesOfTheSamples() throws IOException {
        List<String> rows =
                awk("shares.awk").lines().filter(line -> line.startsWith("| ")).toList();
        assertThat(rows)
                .containsExactly(
                        "| part | share, % |",
                        "| kernel | 60.0 |",
                        "| – kernel: `sendto` | 60.0 |",
                        "| JVM and C library | 0.4 |",
                        "| – JVM and C library: compiling | 0.4 |",
                        "| Netty | 9.7 |",
                        "| JDK classes | 4.9 |",
                        "| Xiu | 25.0 |",
                        "| – Xiu: `xiu.medialog` | 25.0 |",
                        "| method | itself, % | with the libraries it calls, % | with all it calls, % |",
                        "| `Log.<init>` | 25.0 | 25.0 | 85.0 |",
                        "| `Log$$Lambda.run` | 0.0 | 4.9 | 29.9 |",
                        "| `Log.again` | 0.0 | 0.0 | 4.9 |");
    }

    @Test
    void theWidthOfAFrameIsItsShare() throws IOException, ParserConfigurationException, SAXException {
        Map<String, List<Element>> boxes = boxes(awk("flame.awk"));
        assertThat(boxes.keySet())
                .containsExactlyInAnyOrder(
                        "C1 CompilerThre, 0.4 %",
                        "2 narrower frames, 0.4 %",
                        "xiu-loop, 99.6 %",
                        "io.netty.channel.Loop.run, 99.6 %",
                        "libnetty_transport_native_epoll.so, 9.7 %",
                        "xiu.medialog.Log$$Lambda.run, 29.9 %",
                        "xiu.medialog.Log$$Lambda.run, 4.9 %",
                        "xiu.medialog.Log.again, 4.9 %",
                        "java.util.List.of, 4.9 %",
                        "xiu.medialog.Log.<init>, 25.0 %",
                        "xiu.medialog.Log.<init>, 60.0 %",
                        "send, 60.0 %",
                        "do_call, 60.0 %",
                        "__x64_sys_sendto, 60.0 %",
                        "tcp, 60.0 %");
        Element caller = boxes.get("io.netty.channel.Loop.run, 99.6 %").getFirst();
        Element called = boxes.get("xiu.medialog.Log.<init>, 60.0 %").getFirst();
        double whole = number(caller, "width") / 0.996;
        assertThat(number(called, "width")).isBetween(whole * 0.6 - 0.1, whole * 0.6 + 0.1);
        assertThat(number(called, "x")).isGreaterThanOrEqualTo(number(caller, "x") - 0.1);
        assertThat(number(called, "x") + number(called, "width"))
                .isLessThanOrEqualTo(number(caller, "x") + number(caller, "width") + 0.1);
        assertThat(number(called, "y")).isEqualTo(number(caller, "y") - number(caller, "height"));
        assertThat(called.getAttribute("fill"))
                .isNotEqualTo(caller.getAttribute("fill"))
                .isEqualTo(boxes.get("xiu.medialog.Log.again, 4.9 %").getFirst().getAttribute("fill"));
    }

    @Test
    void aServerThatPlaysIsDrawn() throws IOException, ParserConfigurationException, SAXException {
        Path drawn = Workspace.temporary("flame");
        Map<String, String> environment = new HashMap<>(BenchmarkTools.environment());
        environment.put("PROFILER", profiler().toString());
        Path root = Workspace.root();
        List<String> command = List.of(
                root.resolve("benchmarks/flame.sh").toString(),
                "--players",
                "20",
                "--warm-up",
                "1",
                "--duration",
                "6",
                "--out",
                drawn.toString());
        try (ExternalProcess flame = ExternalProcess.start(root, environment, command)) {
            int exit = flame.awaitExit(TIMEOUT);
            assertThat(exit).as(() -> flame.describe("exit code")).isZero();
            assertThat(flame.output())
                    .contains("20 players of one stream, RTMP")
                    .containsPattern("\\| Netty \\| [0-9.]+ \\|")
                    .containsPattern("\\| `ChunkDecoder.decode` \\| [0-9.]+ \\|");
            // Whoever may not look into the kernel is told so.
            assertThat(flame.output()).containsPattern("\\| – kernel: `sendto` \\||No stacks of the kernel");
        }
        String svg = Files.readString(drawn.resolve("flame-20.svg"));
        assertThat(boxes(svg).keySet())
                .anyMatch(title -> title.startsWith("xiu-loop, "))
                .anyMatch(title -> title.startsWith("xiu.protocol.rtmp.wire.ChunkDecoder.decode, "))
                .noneMatch(title -> title.contains("/tmp/") || title.contains("0x"));
    }

    /** What one of the scripts makes of the stacks, as flame.sh calls it. */
    private static String awk(String script) throws IOException {
        Path scripts = Workspace.root().resolve("benchmarks");
        Path stacks = Workspace.temporary("stacks").resolve("collapsed");
        Files.writeString(stacks, STACKS);
        return ExternalProcess.run(
                TIMEOUT,
                "bash",
                "-c",
                "set -o pipefail; awk -f '%1$s/stacks.awk' '%2$s' | LC_ALL=C sort | awk -v title='a < b' -f '%1$s/%3$s'"
                        .formatted(scripts, stacks, script));
    }

    /** The frames of a picture by their titles. */
    private static Map<String, List<Element>> boxes(String svg)
            throws IOException, ParserConfigurationException, SAXException {
        NodeList groups = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("g");
        Map<String, List<Element>> boxes = new HashMap<>();
        for (int i = 0; i < groups.getLength(); i++) {
            Element group = (Element) groups.item(i);
            String title = group.getElementsByTagName("title").item(0).getTextContent();
            boxes.computeIfAbsent(title, any -> new ArrayList<>())
                    .add((Element) group.getElementsByTagName("rect").item(0));
        }
        return boxes;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    /** The library out of the artifact that the tests have got from Maven. */
    private static Path profiler() throws IOException {
        Path library = Workspace.temporary("profiler").resolve("libasyncProfiler.so");
        try (InputStream packed = FlameIT.class.getResourceAsStream("/linux-x64/libasyncProfiler.so")) {
            assertThat(packed)
                    .as("linux-x64/libasyncProfiler.so of async-profiler")
                    .isNotNull();
            Files.copy(packed, library);
        }
        return library;
    }
}
