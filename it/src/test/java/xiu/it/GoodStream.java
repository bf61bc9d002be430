package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A healthy stream, published and recorded by real programs while others misbehave: it must arrive bit by bit. */
final class GoodStream implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final ExternalProcess publisher;
    private final List<RelayRecorder> recorders;

    /** {@code query}: what the publisher needs behind its name, or nothing. */
    GoodStream(XiuProcess server, String path, String query) {
        publisher = MediaTools.publishForEver(TestClips.avcAac(), server.rtmp(path) + query);
        server.awaitLog("event=publish .*stream=" + path, SOON);
        recorders = List.of(
                RelayRecorder.rtmp(server, path), RelayRecorder.httpFlv(server, path), RelayRecorder.hls(server, path));
        await().atMost(SOON).until(() -> recorders.stream().allMatch(recorder -> recorder.bytes() > 10_000));
    }

    void assertGoesOn() {
        List<Long> before = recorders.stream().map(RelayRecorder::bytes).toList();
        assertThat(publisher.isAlive()).as("the publisher").isTrue();
        await().atMost(SOON)
                .until(() -> IntStream.range(0, before.size())
                        .allMatch(i -> recorders.get(i).bytes() > before.get(i)));
    }

    /** Ends it, and compares what every recorder got: each packet of the looped clip from the first one on. */
    void assertUnbroken(int atLeast) {
        publisher.terminate(SOON);
        recorders.forEach(recorder -> assertUnbroken(recorder, atLeast));
    }

    /** The same for one that recorded {@link #clip()}, over and over, from another place. */
    static void assertUnbroken(RelayRecorder recorder, int atLeast) {
        recorder.awaitEnd();
        PacketDump source = PacketDump.normalised(clip());
        PacketDump got = PacketDump.normalised(recorder.file);
        assertThat(got.video().packets()).as(recorder.name + ": frames").hasSizeGreaterThan(atLeast);
        assertLoops(
                recorder.name + ": video", got.video().hashes(), source.video().hashes());
        assertLoops(
                recorder.name + ": audio", got.audio().hashes(), source.audio().hashes());
    }

    /** Whether these are the source's, over and over, from some place on. */
    static <T> void assertLoops(String name, List<T> got, List<T> source) {
        int furthest = IntStream.range(0, source.size())
                .map(start -> matching(got, source, start))
                .max()
                .orElse(0);
        assertThat(furthest)
                .as(name + ": as published, of " + got.size())
                .isPositive()
                .isEqualTo(got.size());
    }

    private static <T> int matching(List<T> got, List<T> source, int start) {
        int i = 0;
        while (i < got.size() && got.get(i).equals(source.get((start + i) % source.size()))) {
            i++;
        }
        return i;
    }

    static Path clip() {
        return TestClips.avcAac();
    }

    @Override
    public void close() {
        publisher.close();
        recorders.forEach(RelayRecorder::close);
    }
}
