package xiu;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.server.Main;

/** Holds the dependency table of docs/architecture.md against the classes, and against this file. */
class ArchitectureTest {
    private static final String EVERYTHING = "everything";

    /** Package → what it may use besides itself, `java` and the null annotations. `x.*`: siblings never see each other. */
    private static final Map<String, List<String>> TABLE = table();

    /** A library's name in the table → its packages. */
    private static final Map<String, Pattern> LIBRARIES = Map.of(
            "netty-buffer", Pattern.compile("io\\.netty\\.(buffer|util|util\\.collection)"),
            "netty", Pattern.compile("io\\.netty(\\.(?!util\\.internal).*)?"),
            "slf4j", Pattern.compile("org\\.slf4j(\\.event|\\.spi)?"),
            "tomlj", Pattern.compile("org\\.tomlj"));

    private static final Pattern FOR_ALL =
            Pattern.compile("(java|javax\\.crypto|javax\\.net\\.ssl|org\\.jspecify)(\\..*)?|");

    private static final Pattern IO_ENGINES =
            Pattern.compile("io\\.netty\\.channel\\.(epoll|uring|kqueue|nio|socket\\.nio)");

    private static final Pattern TRANSPORT = Pattern.compile("xiu\\.transport(\\.(receive|memory|send))?");

    /** The server's own, wherever a build has put them; an option of ArchUnit's knows the tests of some builds only. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());

    private static Map<String, List<String>> table() {
        Map<String, List<String>> table = new LinkedHashMap<>();
        table.put("settings", List.of("nothing"));
        table.put("metrics", List.of("nothing"));
        table.put("bytes", List.of("netty-buffer"));
        table.put("codec", List.of("bytes", "netty-buffer"));
        table.put("media", List.of("codec", "netty-buffer"));
        table.put("container.*", List.of("bytes", "codec", "media", "netty-buffer"));
        table.put("medialog", List.of("media", "netty-buffer"));
        table.put("stream", List.of("settings", "metrics", "media", "medialog", "netty-buffer"));
        table.put("transport", List.of("settings", "metrics", "media", "medialog", "stream", "netty", "slf4j"));
        table.put("http", List.of("settings", "metrics", "transport", "netty", "slf4j"));
        table.put("progressive", List.of("media", "stream", "transport", "http", "netty", "slf4j"));
        table.put(
                "segment",
                List.of(
                        "bytes",
                        "codec",
                        "media",
                        "container",
                        "medialog",
                        "stream",
                        "transport",
                        "netty-buffer",
                        "netty",
                        "slf4j"));
        table.put(
                "protocol.*",
                List.of(
                        "settings",
                        "metrics",
                        "bytes",
                        "codec",
                        "media",
                        "container",
                        "medialog",
                        "stream",
                        "transport",
                        "http",
                        "progressive",
                        "segment",
                        "netty",
                        "slf4j"));
        table.put(
                "service.*",
                List.of(
                        "settings",
                        "metrics",
                        "media",
                        "container",
                        "medialog",
                        "stream",
                        "transport",
                        "http",
                        "netty",
                        "slf4j"));
        table.put(
                "rehearsal",
                List.of("settings", "codec", "media", "stream", "transport", "protocol", "netty-buffer", "netty"));
        table.put("config", List.of("tomlj"));
        table.put("server", List.of(EVERYTHING));
        return table;
    }

    @Test
    void everyDependencyIsInTheTable() {
        assertThat(CLASSES).isNotEmpty();
        Set<String> violations = new TreeSet<>();
        for (JavaClass origin : CLASSES) {
            for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (!allowed(Box.of(origin.getPackageName()), target.getPackageName())) {
                    violations.add(origin.getName() + " uses " + target.getName());
                }
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void everyPackageIsInTheTable() {
        assertThat(CLASSES.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> !TABLE.containsKey(Box.of(name).row()))
                        .distinct())
                .isEmpty();
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("xiu.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** An executor ends a periodic task at its first exception, silently: whoever needs one takes a GuardedTask. */
    @Test
    void periodicTasksAreGuarded() {
        assertThat(callsOf("scheduleAtFixedRate|scheduleWithFixedDelay"))
                .containsExactly("xiu.transport.trouble.GuardedTask");
    }

    private static Set<String> callsOf(String method) {
        Set<String> callers = new TreeSet<>();
        for (JavaClass origin : CLASSES) {
            origin.getMethodCallsFromSelf().stream()
                    .filter(call -> call.getTarget().getName().matches(method))
                    .forEach(call -> callers.add(call.getOriginOwner().getName()));
        }
        return callers;
    }

    @Test
    void onlyTransportChoosesAnIoEngine() {
        Set<String> violations = new TreeSet<>();
        for (JavaClass origin : CLASSES) {
            for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                String target = dependency.getTargetClass().getPackageName();
                if (IO_ENGINES.matcher(target).matches()
                        && !TRANSPORT.matcher(origin.getPackageName()).matches()) {
                    violations.add(origin.getName() + " uses "
                            + dependency.getTargetClass().getName());
                }
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void theDocumentedTableIsTheTestedOne() {
        Map<String, List<String>> documented = new LinkedHashMap<>();
        Pattern row = Pattern.compile("\\| `([a-z.*]+)` \\| ([^|]+) \\|");
        String text = Repository.read(Repository.root().resolve("docs/architecture.md"));
        text.lines()
                .map(row::matcher)
                .filter(matcher -> matcher.matches())
                .forEach(matcher -> documented.put(
                        matcher.group(1),
                        List.of(matcher.group(2).strip().replace("`", "").split(", "))));
        assertThat(new ArrayList<>(documented.entrySet())).isEqualTo(new ArrayList<>(TABLE.entrySet()));
    }

    /** Inside a room: docs/architecture.md has the table, and this test its rule that the lower row is the lower floor. */
    @ParameterizedTest
    @CsvSource({
        "rtmp, xiu.protocol, rtmp rtmp.wire rtmp.server rtmp.client",
        "hls, xiu.protocol, hls hls.disk hls.playlist",
        "segment, xiu, segment segment.window segment.format segment.cut",
        "http, xiu, http.server http.http1 http http.field"
    })
    void callsInsideARoomGoDownItsTableOnly(String room, String house, String expected) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        Pattern row = Pattern.compile("\\| `(" + room + "(?:\\.[a-z0-9]+)*)` \\| ([^|]+) \\| [^|]+ \\|");
        Repository.read(Repository.root().resolve("docs/architecture.md"))
                .lines()
                .map(row::matcher)
                .filter(matcher -> matcher.matches())
                .forEach(matcher -> rows.put(
                        matcher.group(1),
                        List.of(matcher.group(2).strip().replace("`", "").split(", "))));
        List<String> floors = new ArrayList<>(rows.keySet());
        Set<String> violations = new TreeSet<>();
        DescribedPredicate<JavaClass> inside = residesIn(house + "." + room);
        for (JavaClass origin : CLASSES.that(inside)) {
            String from = origin.getPackageName().substring(house.length() + 1);
            for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (inside.test(target)) {
                    String to = target.getPackageName().substring(house.length() + 1);
                    if (!to.equals(from) && !rows.get(from).contains(to)) {
                        violations.add(origin.getName() + " uses " + target.getName());
                    }
                }
            }
        }
        assertThat(violations).isEmpty();
        assertThat(floors).contains(expected.split(" "));
        rows.forEach((from, uses) -> assertThat(uses)
                .allSatisfy(to -> assertThat(to.equals("nothing") || floors.indexOf(to) > floors.indexOf(from))
                        .isTrue()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xiu.protocol.rtmp", "xiu.protocol.hls", "xiu.segment", "xiu.http"})
    void classesOfARoomNeverCallEachOtherInACircle(String room) {
        slices().assignedFrom(new TopLevelClasses(residesIn(room)))
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    /** Another version of HTTP has no socket to itself: of channels the seams know only that a stream has one. */
    @Test
    void theSeamsOfHttpKnowNoSocket() {
        Set<String> uses = new TreeSet<>();
        for (JavaClass origin : CLASSES) {
            if (origin.getPackageName().matches("xiu\\.http(\\.field)?")) {
                origin.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getName())
                        .filter(target -> target.matches("io\\.netty\\.channel\\..*|xiu\\.transport\\..*"))
                        .forEach(target -> uses.add(origin.getSimpleName() + " uses " + target));
            }
        }
        assertThat(uses).containsExactly("HttpStream uses io.netty.channel.Channel");
    }

    private static DescribedPredicate<JavaClass> residesIn(String room) {
        return JavaClass.Predicates.resideInAPackage(room + "..");
    }

    /** A class and those within it are one. */
    private record TopLevelClasses(DescribedPredicate<JavaClass> where) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass of) {
            return where.test(of)
                    ? SliceIdentifier.of(of.getName().replaceFirst("\\$.*", ""))
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "top-level classes";
        }
    }

    private static boolean allowed(Box from, String targetPackage) {
        if (FOR_ALL.matcher(targetPackage).matches()) {
            return true;
        }
        List<String> uses = TABLE.getOrDefault(from.row(), List.of());
        if (uses.contains(EVERYTHING)) {
            return true;
        }
        if (targetPackage.equals("xiu") || targetPackage.startsWith("xiu.")) {
            Box to = Box.of(targetPackage);
            return from.equals(to) || uses.contains(to.top());
        }
        Stream<Pattern> libraries = uses.stream().filter(LIBRARIES::containsKey).map(LIBRARIES::get);
        return libraries.anyMatch(pattern -> pattern.matcher(targetPackage).matches());
    }

    /** What must not be entered from outside without permission: `bytes`, or `container.flv` with all below it. */
    private record Box(String top, String sibling) {
        static Box of(String packageName) {
            String[] parts = packageName.split("\\.");
            String top = parts.length > 1 ? parts[1] : "";
            boolean family = TABLE.containsKey(top + ".*");
            return new Box(top, family && parts.length > 2 ? parts[2] : "");
        }

        String row() {
            return TABLE.containsKey(top + ".*") && !sibling.isEmpty() ? top + ".*" : top;
        }
    }
}
