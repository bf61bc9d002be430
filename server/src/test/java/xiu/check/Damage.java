package xiu.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The bounded part of fuzzing that every build has: what is kept for a fuzz target, damaged in many ways, the same ways
 * in every run. The unbounded part is the fuzzer's (server/fuzz.sh).
 */
public final class Damage {
    /** What is tried for each target. */
    private static final int ROUNDS = 2_000;

    /** Of that, a build without the long tests tries one in so many. */
    private static final int PART = Boolean.getBoolean("xiu.test.long") ? 1 : 5;

    private static final int LONGEST = 4_096;
    /** Where lengths, counts and signs turn over. */
    private static final int[] EDGES = {0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF, '%', '/', '.', '\r', '\n'};

    /** A fuzz target: takes any bytes and throws when they did harm. */
    @FunctionalInterface
    public interface Target {
        void run(byte[] input) throws Exception;
    }

    private Damage() {}

    /** Gives a target the damaged inputs of its method {@code name} in {@code test}. */
    public static void inflict(Class<?> test, String name, Target target) {
        inflict(test, name, target, ROUNDS);
    }

    /** The same for a target that is too slow for as many, or like another one. */
    public static void inflict(Class<?> test, String name, Target target, int rounds) {
        List<byte[]> kept = kept(test, name);
        Random random = new Random(name.hashCode());
        for (int round = 0; round < rounds / PART; round++) {
            byte[] input = kept.get(random.nextInt(kept.size()));
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                input = damaged(input, kept.get(random.nextInt(kept.size())), random);
            }
            try {
                target.run(input);
            } catch (Exception | AssertionError e) {
                throw new AssertionError(name + " fails at " + HexFormat.of().formatHex(input), e);
            }
        }
    }

    private static byte[] damaged(byte[] input, byte[] other, Random random) {
        int at = random.nextInt(input.length + 1);
        int count = random.nextInt(1, 9);
        byte[] head = Arrays.copyOf(input, at);
        return switch (random.nextInt(6)) {
            case 0 -> joined(head, noise(count, random), tail(input, at));
            case 1 -> joined(head, tail(input, at + count));
            case 2 -> joined(head, noise(count, random), tail(input, at + count));
            case 3 -> joined(head, tail(input, Math.max(0, at - count)));
            case 4 -> joined(head, tail(other, random.nextInt(other.length + 1)));
            default -> head;
        };
    }

    private static byte[] noise(int count, Random random) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (random.nextBoolean() ? random.nextInt() : EDGES[random.nextInt(EDGES.length)]);
        }
        return bytes;
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, Math.min(from, bytes.length), bytes.length);
    }

    private static byte[] joined(byte[]... parts) {
        int length =
                Math.min(LONGEST, Stream.of(parts).mapToInt(part -> part.length).sum());
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            int count = Math.min(part.length, length - at);
            System.arraycopy(part, 0, whole, at, count);
            at += count;
        }
        return whole;
    }

    private static List<byte[]> kept(Class<?> test, String name) {
        URL folder = test.getResource(test.getSimpleName() + "Inputs/" + name);
        if (folder == null) {
            throw new AssertionError(test.getSimpleName() + "Inputs/" + name + " (expected: a folder of inputs)");
        }
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.sorted().map(Damage::read).toList();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
