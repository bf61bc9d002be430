package xiu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whoever exceeds a limit can do so as often as he likes, and however many do it, the lines are few: all of it goes by way
 * of {@code xiu.transport.trouble.RareLines}, whose own test shows that they are.
 */
class LimitEventsTest {
    private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error", "log");
    /** Every logger has one of these names. */
    private static final Pattern LOGGER = Pattern.compile("(this\\.)?(log|LOG|root)\\b");

    private static final Pattern KEY = Pattern.compile("`([a-z_]+)`");
    private static final String RARE = "transport/trouble/RareLines.java";

    /** One for a server, a listener or the whole process: one for each peer would be a line for each peer. */
    private static final List<String> OWNERS = List.of(
            "http/http1/ConnectionContext.java",
            "segment/window/SegmentWindow.java",
            "protocol/hls/disk/DiskQueue.java",
            "protocol/rtmp/client/RtmpDialer.java",
            "protocol/rtmp/server/RtmpServer.java",
            "service/guard/MemoryGuard.java",
            "transport/SkipBudget.java",
            "transport/TcpListener.java",
            "transport/trouble/Faults.java");

    /** Calls that log, and where they stand. */
    private static final List<Call> LOGS = new ArrayList<>();

    /** Literals that begin with {@code limit_}, or name a limit where the rest is put before it. */
    private static final Set<String> EVENTS = new TreeSet<>();

    private static final Set<String> LOGGERS = new TreeSet<>();
    private static final List<String> MADE = new ArrayList<>();

    /** {@code format}: null when it is not written there. */
    private record Call(String file, String format) {}

    @BeforeAll
    static void read() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Path> paths = Repository.files("server/src/main/java", ".java");
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(paths));
            for (CompilationUnitTree unit : task.parse()) {
                String file = unit.getSourceFile().toUri().getPath().replaceFirst(".*/java/xiu/", "");
                new Reader(file, unit.toString().contains("LimitExceededException.of")).scan(unit, null);
            }
        }
    }

    private static final class Reader extends TreeScanner<Void, Void> {
        private final String file;
        /** Literals to which {@code limit_} is added elsewhere. */
        private final Pattern names;

        private Reader(String file, boolean throwsLimits) {
            this.file = file;
            this.names = Pattern.compile(
                    throwsLimits
                            ? "rtmp_[a-z_]+"
                            : file.equals("transport/ConnectionGate.java") ? "[a-z_]+" : "nothing at all");
        }

        @Override
        public Void visitVariable(VariableTree variable, Void nothing) {
            if (String.valueOf(variable.getType()).equals("Logger")) {
                LOGGERS.add(variable.getName().toString());
            }
            return super.visitVariable(variable, nothing);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
            if (call.getMethodSelect() instanceof MemberSelectTree select
                    && LEVELS.contains(select.getIdentifier().toString())
                    && LOGGER.matcher(select.getExpression().toString()).lookingAt()
                    && !call.getArguments().isEmpty()) {
                LOGS.add(new Call(file, constant(call.getArguments().getFirst())));
            }
            return super.visitMethodInvocation(call, nothing);
        }

        @Override
        public Void visitNewClass(NewClassTree made, Void nothing) {
            if (made.getIdentifier().toString().endsWith("RareLines")) {
                MADE.add(file);
            }
            return super.visitNewClass(made, nothing);
        }

        @Override
        public Void visitLiteral(LiteralTree literal, Void nothing) {
            if (literal.getValue() instanceof String text) {
                if (text.matches("limit_[a-z_]+")) {
                    EVENTS.add(text);
                } else if (names.matcher(text).matches()) {
                    EVENTS.add("limit_" + text);
                }
            }
            return super.visitLiteral(literal, nothing);
        }

        private static String constant(ExpressionTree argument) {
            return switch (argument) {
                case LiteralTree literal -> String.valueOf(literal.getValue());
                case BinaryTree sum -> {
                    String left = constant(sum.getLeftOperand());
                    String right = constant(sum.getRightOperand());
                    yield left == null || right == null ? null : left + right;
                }
                default -> null;
            };
        }
    }

    @Test
    void nothingElseLogsThem() {
        assertThat(LOGGERS).containsExactly("LOG", "log", "root");
        assertThat(LOGS).hasSizeGreaterThan(30);
        assertThat(LOGS.stream().filter(call -> call.file.equals(RARE))).hasSize(2);
        assertThat(LOGS)
                .filteredOn(call -> !call.file.equals(RARE))
                .as("a line of the log says what it is, and no limit is in it")
                .allSatisfy(call -> {
                    assertThat(call.format).isNotNull().doesNotContain("limit_", "event={}");
                });
    }

    /** One form for all lines, so that a machine finds the event first and every value by its key. */
    @Test
    void everyLineIsAnEventWithKeysAndValues() {
        Pattern form = Pattern.compile("event=(\\{}|[a-z][a-z_]*)( [a-z][a-z_]*=(\"[^\"]*\"|[^\" ]+))*");
        assertThat(LOGS)
                .allSatisfy(call -> assertThat(call.format).as(call.file).matches(form));
    }

    @Test
    void whoCountsThemIsThereOnce() {
        assertThat(MADE).containsExactlyInAnyOrderElementsOf(OWNERS);
    }

    /** What the documents say is what is there. */
    @Test
    void eachLimitOfTheTableHasItsEvent() {
        String text = Repository.read(Repository.root().resolve("docs/security.md"));
        String table = text.substring(text.indexOf("\n## Limits"), text.indexOf("\n## Paths"));
        Set<String> told = new TreeSet<>();
        for (String row : table.lines().filter(line -> line.startsWith("| `")).toList()) {
            String[] cells = row.split("\\|");
            List<String> named = keys(cells[3]);
            if (cells[3].isBlank()) {
                keys(cells[1]).forEach(key -> told.add("limit_" + key));
            } else {
                named.stream().filter(name -> name.startsWith("limit_")).forEach(told::add);
            }
        }
        assertThat(told).hasSizeGreaterThan(20);
        assertThat(EVENTS).containsExactlyElementsOf(told);
    }

    private static List<String> keys(String cell) {
        return KEY.matcher(cell)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
