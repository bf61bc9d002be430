package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xiu.bytes.MalformedDataException;

/** However the bytes of a conversation are cut into reads, the same messages come out. */
class ChunkSplitTest {
    static LongStream seeds() {
        return LongStream.range(0, 25);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyCutGivesTheSameMessages(long seed) {
        Random random = new Random(seed);
        Talker talker = new Talker(random);
        byte[] bytes = talker.talk(40);
        assertThat(Received.inPieces(bytes)).as("whole").isEqualTo(talker.said);
        assertThat(Received.inPieces(bytes, IntStream.range(1, bytes.length).toArray()))
                .isEqualTo(talker.said);
        int[] cuts = random.ints(20, 0, bytes.length).sorted().toArray();
        assertThat(Received.inPieces(bytes, cuts)).isEqualTo(talker.said);
    }

    @Test
    void everySingleCutGivesTheSameMessages() {
        Talker talker = new Talker(new Random(4711));
        byte[] bytes = talker.talk(12);
        for (int cut = 0; cut < bytes.length; cut++) {
            assertThat(Received.inPieces(bytes, cut)).isEqualTo(talker.said);
        }
    }

    @Test
    void everyTruncationGivesTheFirstMessagesOnly() {
        Talker talker = new Talker(new Random(815));
        byte[] bytes = talker.talk(12);
        for (int length = 0; length < bytes.length; length++) {
            List<String> got = Received.inPieces(Arrays.copyOf(bytes, length));
            assertThat(got).isEqualTo(talker.said.subList(0, got.size()));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void brokenBytesGiveNothingWorseThanMalformedData(long seed) {
        Random random = new Random(seed);
        byte[] bytes = new Talker(random).talk(20);
        for (int round = 0; round < 50; round++) {
            byte[] broken = bytes.clone();
            for (int i = random.nextInt(1, 8); i > 0; i--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            feedAll(broken);
        }
    }

    private static void feedAll(byte[] broken) {
        Received received = Received.untracked();
        try (received) {
            received.feed(broken);
        } catch (MalformedDataException e) {
            assertThat(e.getMessage()).contains("expected");
        }
    }

    /** Speaks chunks as freely as the specification allows. */
    private static final class Talker {
        private final Random random;
        private final ByteBuf out = Unpooled.buffer();
        private final Speech[] streams = new Speech[70];
        private final List<String> said = new ArrayList<>();
        private int chunkSize = 128;

        /** A chunk stream: what was said last, and what is still to be said. */
        private static final class Speech {
            private boolean begun;
            private int type;
            private int timestamp;
            private int field;
            private int length;
            private byte[] body = new byte[0];
            private int sent;
        }

        Talker(Random random) {
            this.random = random;
        }

        byte[] talk(int messages) {
            int left = messages;
            List<Integer> open = new ArrayList<>();
            while (left > 0 || !open.isEmpty()) {
                boolean begin = left > 0 && (open.isEmpty() || random.nextInt(3) == 0);
                if (begin) {
                    int id = random.nextInt(3, 3 + 5) * (random.nextInt(4) == 0 ? 9 : 1);
                    if (!open.contains(id)) {
                        left--;
                        begin(id);
                        if (!finished(id)) {
                            open.add(id);
                        }
                    }
                } else {
                    int id = open.get(random.nextInt(open.size()));
                    chunk(id, 3);
                    if (finished(id)) {
                        open.remove(Integer.valueOf(id));
                    }
                }
                if (random.nextInt(10) == 0) {
                    // Not so small that the announcement itself would have to be cut.
                    chunkSize = random.nextInt(4, 300);
                    out.writeBytes(ByteBufUtil.decodeHexDump("020000000000040100000000%08x".formatted(chunkSize)));
                    said.add("1@0/0 %08x".formatted(chunkSize));
                }
            }
            return ByteBufUtil.getBytes(out);
        }

        private void begin(int id) {
            Speech speech = streams[id] == null ? streams[id] = new Speech() : streams[id];
            int step = random.nextInt(8) == 0 ? random.nextInt(0xFFFFF0, 0x2000000) : random.nextInt(100);
            byte[] body = new byte[random.nextInt(5) == 0 ? speech.length : random.nextInt(700)];
            random.nextBytes(body);
            int type = random.nextBoolean() ? 8 : 9;
            int format = 0;
            if (speech.begun) {
                boolean likeBefore = body.length == speech.length;
                format = likeBefore ? random.nextInt(4) : random.nextInt(2);
                type = format >= 2 ? speech.type : type;
                step = format == 3 ? speech.field : step;
            }
            speech.timestamp = format == 0 ? step : speech.timestamp + step;
            speech.field = step;
            speech.begun = true;
            speech.type = type;
            speech.length = body.length;
            speech.body = body;
            speech.sent = 0;
            chunk(id, format);
        }

        private boolean finished(int id) {
            return streams[id].sent == streams[id].length;
        }

        private void chunk(int id, int format) {
            Speech speech = streams[id];
            if (id < 64) {
                out.writeByte(format << 6 | id);
            } else {
                out.writeByte(format << 6).writeByte(id - 64);
            }
            boolean extended = Integer.compareUnsigned(speech.field, 0xFFFFFF) >= 0;
            if (format < 3) {
                out.writeMedium(extended ? 0xFFFFFF : speech.field);
            }
            if (format < 2) {
                out.writeMedium(speech.length).writeByte(speech.type);
            }
            if (format == 0) {
                out.writeIntLE(1);
            }
            if (extended) {
                out.writeInt(speech.field);
            }
            int count = Math.min(chunkSize, speech.length - speech.sent);
            out.writeBytes(speech.body, speech.sent, count);
            speech.sent += count;
            if (finished(id)) {
                said.add(Received.text(speech.type, speech.timestamp, 1, speech.body));
            }
        }
    }
}
