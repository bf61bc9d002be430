package xiu;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** One Java source file, parsed but not compiled: its types and methods and where they stand. */
record SourceFile(Path path, String text, List<Type> types, List<Method> methods) {

    /** A type at any depth; `documented` when a Javadoc comment stands before it. */
    record Type(String name, boolean topLevel, boolean isPublic, boolean documented) {}

    /** A method or constructor with a body; `test` when JUnit runs it. */
    record Method(String name, int parameters, int lines, boolean overrides, boolean test, boolean ofRecord) {
        boolean isConstructor() {
            return name.equals("<init>");
        }
    }

    int lines() {
        return (int) text.lines().count();
    }

    String fileName() {
        return path.getFileName().toString();
    }

    static List<SourceFile> parse(List<Path> paths) {
        if (paths.isEmpty()) {
            return List.of();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(paths));
            List<SourceFile> sources = new ArrayList<>();
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                sources.add(read(unit, trees));
            }
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SourceFile read(CompilationUnitTree unit, DocTrees trees) {
        Path path = Path.of(unit.getSourceFile().toUri());
        Scanner scanner = new Scanner(unit, trees);
        scanner.scan(unit, null);
        return new SourceFile(path, Repository.read(path), scanner.types, scanner.methods);
    }

    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final List<Type> types = new ArrayList<>();
        private final List<Method> methods = new ArrayList<>();
        private final CompilationUnitTree unit;
        private final DocTrees trees;

        private Scanner(CompilationUnitTree unit, DocTrees trees) {
            this.unit = unit;
            this.trees = trees;
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            String name = tree.getSimpleName().toString();
            if (!name.isEmpty()) {
                TreePath path = getCurrentPath();
                types.add(new Type(
                        name,
                        path.getParentPath().getLeaf().getKind() == Tree.Kind.COMPILATION_UNIT,
                        tree.getModifiers().getFlags().contains(Modifier.PUBLIC),
                        trees.getDocComment(path) != null));
            }
            return super.visitClass(tree, unused);
        }

        @Override
        public Void visitMethod(MethodTree tree, Void unused) {
            List<String> annotations = tree.getModifiers().getAnnotations().stream()
                    .map(annotation -> annotation.getAnnotationType().toString())
                    .toList();
            boolean overrides = annotations.contains("Override");
            boolean test = annotations.stream()
                    .anyMatch(annotation -> annotation.endsWith("Test") || annotation.equals("OnEachEngine"));
            boolean ofRecord = getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD;
            methods.add(new Method(
                    tree.getName().toString(), tree.getParameters().size(), lines(tree), overrides, test, ofRecord));
            return super.visitMethod(tree, unused);
        }

        private int lines(MethodTree tree) {
            long start = trees.getSourcePositions().getStartPosition(unit, tree);
            long end = trees.getSourcePositions().getEndPosition(unit, tree);
            if (start < 0 || end < 0) {
                return 0;
            }
            var map = unit.getLineMap();
            return (int) (map.getLineNumber(end) - map.getLineNumber(start) + 1);
        }
    }
}
