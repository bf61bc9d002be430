package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher `xiu`, in a copy of the repository where it may do what it likes. */
class LauncherIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String MAKES_CACHE = "preparing fast starts";
    private static final int STARTS = 20;
    private static final Path JDK = Path.of(System.getProperty("java.home"));

    /** For tests that leave it as they find it: making the cache takes seconds. */
    private static Path shared;

    private Path home = shared;
    private final Path elsewhere = Workspace.temporary("elsewhere");

    @BeforeAll
    static void installOne() throws IOException {
        shared = install();
    }

    /** A copy of the repository that has been built, in a folder of its own. */
    static Path install() throws IOException {
        Path home = Workspace.temporary("launcher").resolve("home of xiu");
        Files.createDirectories(home.resolve("dist/lib"));
        Files.createDirectories(home.resolve("dist/jvm"));
        Files.copy(Workspace.root().resolve("xiu"), home.resolve("xiu"), StandardCopyOption.COPY_ATTRIBUTES);
        Path build = Workspace.root().resolve("server/target");
        Files.copy(build.resolve("xiu.jar"), home.resolve("dist/xiu.jar"));
        copyAll(build.resolve("lib"), home.resolve("dist/lib"));
        copyAll(JvmOptions.FOLDER, home.resolve("dist/jvm"));
        return home;
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void theFirstStartMakesTheCacheLaterOnesUseItAndAnotherJdkGetsAnother() throws IOException {
        home = install();
        Run first = run("--version");
        assertThat(first.errors()).contains(MAKES_CACHE);
        assertThat(home.resolve("dist/xiu.aot")).exists();
        assertThat(home.resolve("target/xiu-rehearsal.log")).content().contains("rehearsed frames={rtmp 1=");
        assertThat(elsewhere).isEmptyDirectory();
        FileTime made = modified(home.resolve("dist/xiu.aot"));
        Run second = run(Map.of("XIU_JAVA_OPTS", "-Xlog:aot=info,cds=info"), "--version");
        assertThat(second.errors()).isEmpty();
        assertThat(second.output())
                .contains("Opened AOT cache")
                .contains(first.output().strip());
        assertThat(modified(home.resolve("dist/xiu.aot"))).isEqualTo(made);

        Path key = home.resolve("dist/xiu.aot.for");
        Files.writeString(key, Files.readString(key).replace(JDK.toString(), "/another/jdk"));
        assertThat(run("--version").errors()).contains(MAKES_CACHE);
        assertThat(modified(home.resolve("dist/xiu.aot"))).isGreaterThan(made);
    }

    @Test
    void aRehearsalThatFailsCostsTheCacheAndNothingElse() throws IOException {
        home = install();
        Path clumsy = Files.createDirectories(elsewhere.resolve("jdk/bin")).getParent();
        Files.copy(JDK.resolve("release"), clumsy.resolve("release"));
        script(
                clumsy.resolve("bin/java"),
                "case \"$*\" in *--rehearse)",
                "for word do case $word in -XX:AOTCacheOutput=*) echo half >\"${word#*=}\"; esac; done",
                "echo 'xiu: no stage'; exit 1; esac",
                "exec '" + JDK.resolve("bin/java") + "' \"$@\"");
        Map<String, String> environment = Map.of("JAVA_HOME", clumsy.toString());
        Run first = run(environment, "--version");
        assertThat(first.errors().lines()).hasSize(2).last().asString().contains("no start-up cache could be made");
        assertThat(first.output()).isNotBlank();
        assertThat(home.resolve("dist")).isDirectoryNotContaining("glob:**.aot*.new*");
        assertThat(home.resolve("dist/xiu.aot")).doesNotExist();
        assertThat(home.resolve("target/xiu-rehearsal.log")).content().contains("no stage");
        assertThat(run(environment, "--version").errors()).isEmpty();
    }

    @Test
    void theServerGetsTheOptionsThatWereMeasured() throws IOException {
        home = install();
        Path switched = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        List<String> largePages = JvmOptions.lines(JvmOptions.FOLDER.resolve("large-pages.options"));
        for (String profile : List.of("small", "large")) {
            List<String> words = echoed(Map.of("XIU_JVM_PROFILE", profile, "XIU_JAVA_OPTS", "-Dmine=1"));
            assertThat(words)
                    .containsSubsequence(JvmOptions.of(profile))
                    .containsSubsequence("-Dio.netty.leakDetection.level=disabled", "-Dmine=1", "-jar", "my.toml");
            assertThat(words.containsAll(largePages))
                    .isEqualTo(Files.isReadable(switched)
                            && !Files.readString(switched).contains("[never]"));
            assertThat(home.resolve("dist/xiu.aot.for")).content().contains(" " + profile + " ");
        }
        assertThat(run(Map.of("XIU_JVM_PROFILE", "medium"), 1, "my.toml").errors())
                .contains("XIU_JVM_PROFILE: medium (expected: small or large)");
    }

    /** On a machine with 8 processors and 64 GiB, but for what is named. */
    @ParameterizedTest
    @CsvSource({
        "large, '', ''",
        "small, nproc, 4",
        "large, nproc, 5",
        "small, proc/meminfo, MemTotal:  1048576 kB",
        "large, proc/meminfo, MemTotal:  2097152 kB",
        "small, sys/fs/cgroup/cpu.max, 400000 100000",
        "large, sys/fs/cgroup/cpu.max, 450000 100000",
        "small, sys/fs/cgroup/memory.max, 536870912",
        "small, sys/fs/cgroup/media/cpu.max, 50000 100000",
        "small, sys/fs/cgroup/media/xiu.service/memory.max, 1073741824",
        "large, sys/fs/cgroup/media/xiu.service/memory.max, 68719476736",
        "small, sys/fs/cgroup/cpu/docker/1a/cpu.cfs_quota_us, 200000",
        "small, sys/fs/cgroup/memory/docker/memory.limit_in_bytes, 536870912",
        "small, sys/fs/cgroup/memory/memory.limit_in_bytes, 536870912",
        "large, sys/fs/cgroup/memory/docker/memory.limit_in_bytes, 9223372036854771712"
    })
    void theProfileIsChosenByTheProcessorsAndTheMemoryThatTheServerMayUse(String profile, String limit, String value)
            throws IOException {
        home = install();
        Path machine = Files.createDirectories(elsewhere.resolve("machine"));
        Map<String, String> figures = new HashMap<>(Map.of(
                "nproc", "8",
                "proc/meminfo", "MemTotal:       67108864 kB",
                "proc/self/cgroup", "5:memory:/docker/1a\n4:cpu,cpuacct:/docker/1a\n0::/media/xiu.service",
                "sys/fs/cgroup/cpu.max", "max 100000",
                "sys/fs/cgroup/media/xiu.service/memory.max", "max",
                "sys/fs/cgroup/cpu/docker/1a/cpu.cfs_quota_us", "-1",
                "sys/fs/cgroup/cpu/docker/1a/cpu.cfs_period_us", "100000"));
        if (!limit.isEmpty()) {
            figures.put(limit, value);
        }
        for (Map.Entry<String, String> figure : figures.entrySet()) {
            Path file = machine.resolve(figure.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, figure.getValue() + "\n");
        }
        script(elsewhere.resolve("bin/nproc"), "cat '" + machine.resolve("nproc") + "'");
        String launcher = Files.readString(home.resolve("xiu"))
                .replace("/proc/", machine + "/proc/")
                .replace("/sys/fs/", machine + "/sys/fs/");
        Files.writeString(home.resolve("xiu"), launcher);
        String path = elsewhere.resolve("bin") + ":" + System.getenv("PATH");
        assertThat(echoed(Map.of("PATH", path))).containsSubsequence(JvmOptions.of(profile));
    }

    /** The words that the launcher starts `java` with, when that is a program which only prints them. */
    private List<String> echoed(Map<String, String> environment) throws IOException {
        Path echo = Files.createDirectories(elsewhere.resolve("jdk/bin")).getParent();
        Files.copy(JDK.resolve("release"), echo.resolve("release"), StandardCopyOption.REPLACE_EXISTING);
        return echoed(echo, environment);
    }

    private List<String> echoed(Path java, Map<String, String> environment) throws IOException {
        script(java.resolve("bin/java"), "echo \"$*\"");
        Map<String, String> all = new HashMap<>(environment);
        all.put("JAVA_HOME", java.toString());
        return List.of(run(all, "my.toml").output().strip().split(" "));
    }

    /** A JVM that is given two collectors does not start. */
    @ParameterizedTest
    @CsvSource({
        "large, XIU_JAVA_OPTS, -XX:+UseG1GC -Xmn64m",
        "large, XIU_JAVA_OPTS, -XX:+UseZGC",
        "small, JAVA_TOOL_OPTIONS, -XX:+UseParallelGC",
        "small, XIU_JAVA_OPTS, -XX:TieredStopAtLevel=4 -XX:CompileThresholdScaling=1"
    })
    void anotherCollectorOrCompilerTakesThePlaceOfOurs(String profile, String variable, String options)
            throws IOException {
        home = install();
        Map<String, String> environment = Map.of("XIU_JVM_PROFILE", profile, variable, options);
        assertThat(run(environment, "--version").output()).isNotBlank();
        assertThat(home.resolve("dist/xiu.aot")).exists();
        Map<String, String> logged = new HashMap<>(environment);
        logged.merge("XIU_JAVA_OPTS", "-Xlog:aot=info,cds=info", (given, log) -> given + " " + log);
        Run second = run(logged, "--version");
        assertThat(second.output()).contains("Opened AOT cache").doesNotContain("Unable to use AOT cache");
        assertThat(second.errors()).doesNotContain(MAKES_CACHE).doesNotContain("rror");
    }

    @ParameterizedTest
    @CsvSource({
        "small, -XX:+UseG1GC, -XX:+UseSerialGC, -Xms24m",
        "large, -XX:+UseSerialGC, -XX:+UseG1GC, -Xms128m",
        "large, -XX:+UseG1GC, -XX:+UseSerialGC, -Xms128m"
    })
    void ofTwoCollectorsOnlyTheOneThatWasAskedForIsGiven(String profile, String asked, String other, String heap)
            throws IOException {
        home = install();
        List<String> words = echoed(Map.of("XIU_JVM_PROFILE", profile, "XIU_JAVA_OPTS", asked + " -Xmn64m"));
        assertThat(words).contains(asked, heap, "-Xmn64m").doesNotContain(other, "-Xmn8m");
    }

    /** A JVM that does not know an option does not start. */
    @ParameterizedTest
    @CsvSource({"25.0.9, true", "26, false"})
    void anOptionThatAnotherJavaMayLackIsGivenOnlyToTheOneThatHasIt(String version, boolean given) throws IOException {
        home = install();
        Path echo = Files.createDirectories(elsewhere.resolve("jdk/bin")).getParent();
        Files.writeString(echo.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        List<String> words = echoed(echo, Map.of("XIU_JVM_PROFILE", "small"));
        assertThat(words).contains("-XX:+UseSerialGC");
        assertThat(words.containsAll(JvmOptions.lines(JvmOptions.FOLDER.resolve("java-25.options"))))
                .isEqualTo(given);
    }

    @Test
    void aJavaThatIsTooOldIsPassedOver() throws IOException {
        run("--version");
        Path old = Files.createDirectories(elsewhere.resolve("jdk-17/bin")).getParent();
        script(old.resolve("bin/java"), "echo too old; exit 9");
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.2\"\n");
        Path onPath = Files.createDirectories(elsewhere.resolve("bin"));
        Files.createSymbolicLink(onPath.resolve("java"), JDK.resolve("bin/java"));
        String path = onPath + ":" + System.getenv("PATH");
        Run run = run(Map.of("JAVA_HOME", old.toString(), "PATH", path), "--version");
        assertThat(run.output()).doesNotContain("too old").isNotBlank();
    }

    @Test
    void argumentsAndExitCodesPassThroughAndSymbolicLinksAreFollowed() throws IOException {
        Path link = elsewhere.resolve("link");
        Files.createSymbolicLink(link, home.resolve("xiu"));
        Path second = elsewhere.resolve("second");
        Files.createSymbolicLink(second, Path.of("link"));
        try (ExternalProcess process = start(second, Map.of(), "no such file.toml", "*")) {
            assertThat(process.awaitExit(TIMEOUT)).isEqualTo(2);
            assertThat(process.errors()).contains("*");
        }
        try (ExternalProcess process = start(second, Map.of(), "no such file.toml")) {
            assertThat(process.awaitExit(TIMEOUT)).isEqualTo(2);
            assertThat(process.errors()).contains("no such file.toml");
        }
    }

    @Test
    void relativePathsAreThoseOfTheCallerAndSignalsReachTheServer() throws IOException {
        Files.writeString(elsewhere.resolve("my.toml"), TestSettings.onLoopback(""));
        try (ExternalProcess process = start(home.resolve("xiu"), Map.of(), "my.toml")) {
            process.awaitText("^Xiu ", TIMEOUT);
            assertThat(ProcessHandle.of(process.pid()).orElseThrow().descendants())
                    .isEmpty();
            assertThat(process.terminate(Duration.ofSeconds(5))).isZero();
        }
    }

    @Test
    void startingTakesNoSecond() throws IOException {
        run("--version");
        Files.writeString(elsewhere.resolve("my.toml"), TestSettings.onLoopback(""));
        // A busy machine may hold up some of them.
        List<Duration> starts = new ArrayList<>();
        boolean quick = false;
        while (!quick && starts.size() < STARTS) {
            long began = System.nanoTime();
            try (ExternalProcess process = start(home.resolve("xiu"), Map.of(), "my.toml")) {
                process.awaitText("^Xiu ", TIMEOUT);
                starts.add(Duration.ofNanos(System.nanoTime() - began));
                quick = starts.getLast().compareTo(Duration.ofSeconds(1)) < 0;
            }
        }
        assertThat(quick).as("from the launcher to the banner: %s", starts).isTrue();
    }

    @Test
    void aMachineWithHalfAGigabyteIsEnough() throws IOException {
        Files.writeString(elsewhere.resolve("my.toml"), TestSettings.onLoopback("[hls]\nfragment = 1\n"));
        Map<String, String> small =
                Map.of("XIU_JVM_PROFILE", "small", "XIU_JAVA_OPTS", "-XX:MaxRAM=512m -XX:ActiveProcessorCount=2");
        try (ExternalProcess process = start(home.resolve("xiu"), small, "my.toml");
                Crowd crowd = new Crowd()) {
            String url = "rtmp://127.0.0.1:%d/live/small".formatted(port(process, "RTMP"));
            try (ExternalProcess publisher = MediaTools.publishForEver(TestClips.noisy(640), url)) {
                process.awaitText("event=publish .*stream=live/small", TIMEOUT);
                List<FlvFrames> players = new ArrayList<>();
                List<Integer> seen = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    FlvFrames player = new FlvFrames(frame -> seen.add(frame.timestamp()));
                    players.add(player);
                    crowd.join(port(process, "HTTP-FLV"), RawHttp.request("/live/small.flv"), player::accept);
                    crowd.joinDeaf(port(process, "HTTP-FLV"), RawHttp.request("/live/small.flv"));
                }
                // About four seconds of pictures and sound for everybody.
                await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(1)).until(() -> {
                    crowd.listen(50);
                    return seen.size() > players.size() * 250;
                });
                assertThat(crowd.open()).isEqualTo(players.size());
                assertThat(RawHttp.get(port(process, "HLS"), "/live/small/small.m3u8"))
                        .isEqualTo(200);
                assertThat(publisher.isAlive()).isTrue();
            }
            String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
            Matcher peak = Pattern.compile("VmHWM:\\s+(\\d+) kB").matcher(status);
            assertThat(peak.find()).isTrue();
            assertThat(Integer.parseInt(peak.group(1)))
                    .as("KiB of memory at most")
                    .isLessThan(250_000);
            assertThat(process.terminate(Duration.ofSeconds(5))).isZero();
            assertThat(XiuProcess.faults(process.output() + process.errors())).isEmpty();
        }
    }

    private static int port(ExternalProcess process, String title) {
        return Integer.parseInt(process.awaitText("^  (?i:" + title + ") +\\S+:(\\d+)\\s*$", TIMEOUT)
                .group(1));
    }

    @Test
    void sourcesThatAreNewerThanTheBuildAreBuilt() throws IOException {
        home = install();
        pretendClone();
        Path maven = script(
                elsewhere.resolve("bin/mvn"),
                "echo \"[INFO] Building jar: x\"; mkdir -p server/target/lib",
                "echo new >server/target/xiu.jar; cp \"" + home + "/dist/lib/\"* server/target/lib/");
        Map<String, String> path =
                Map.of("PATH", maven.getParent() + ":" + System.getenv("PATH"), "XIU_JVM_PROFILE", "small");
        Files.createFile(home.resolve("dist/built"));
        Files.setLastModifiedTime(
                home.resolve("dist/built"), FileTime.from(Instant.now().minusSeconds(60)));

        assertThat(run(path, 1, "--version").errors()).contains("building with", "packing the jar", MAKES_CACHE);
        assertThat(home.resolve("dist/xiu.jar")).hasContent("new");
        assertThat(home.resolve("dist/jvm")).isDirectoryNotContaining("glob:**/large.options");
        assertThat(home.resolve("dist/xiu.aot.for")).content().endsWith(" small -Dbuild=new\n");
        assertThat(run(path, 1, "--version").errors())
                .doesNotContain("building with")
                .doesNotContain(MAKES_CACHE);
    }

    @Test
    void aBuildThatFailsIsShownAndNothingIsStarted() throws IOException {
        home = install();
        pretendClone();
        Path maven = script(elsewhere.resolve("bin/mvn"), "echo '[ERROR] Main.java: no'; exit 1");
        Map<String, String> path = Map.of("PATH", maven.getParent() + ":" + System.getenv("PATH"));
        Run run = run(path, 1, "--version");
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).contains("[ERROR] Main.java: no", "the build failed");
        assertThat(home.resolve("dist/lock")).doesNotExist();
    }

    private void pretendClone() throws IOException {
        Files.createDirectories(home.resolve("server/src/main/jvm"));
        Files.writeString(home.resolve("server/src/main/jvm/small.options"), "# This build's.\n-Dbuild=new\n");
        Files.writeString(home.resolve("pom.xml"), "");
        Files.writeString(home.resolve("server/pom.xml"), "");
    }

    private static Path script(Path file, String... lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Run run(String... arguments) {
        return run(Map.of(), 0, arguments);
    }

    private Run run(Map<String, String> environment, String... arguments) {
        return run(environment, 0, arguments);
    }

    private Run run(Map<String, String> environment, int exit, String... arguments) {
        try (ExternalProcess process = start(home.resolve("xiu"), environment, arguments)) {
            assertThat(process.awaitExit(TIMEOUT))
                    .as(() -> process.describe("exit code"))
                    .isEqualTo(exit);
            return new Run(process.output(), process.errors());
        }
    }

    private ExternalProcess start(Path launcher, Map<String, String> environment, String... arguments) {
        Map<String, String> all = new HashMap<>(Map.of("JAVA_HOME", JDK.toString()));
        all.putAll(environment);
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return ExternalProcess.start(elsewhere, all, command);
    }

    private record Run(String output, String errors) {}
}
