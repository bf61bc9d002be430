package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.bytes.MalformedDataException;

class ChunkDecoderTest {
    private final Received received = new Received();

    @AfterEach
    void close() {
        received.close();
    }

    @Test
    void readsTheSpecificationsExampleOfAudioMessages() {
        // RTMP 1.0 §5.3.2.1: format 0, then 2, then 3 and 3; 32 bytes each, 20 ms apart after the first step.
        received.feed("03 0003e8 000020 08 39300000" + "aa".repeat(32))
                .feed("83 000014" + "bb".repeat(32))
                .feed("c3" + "cc".repeat(32))
                .feed("c3" + "dd".repeat(32));
        assertThat(received.messages)
                .containsExactly(
                        "8@1000/12345 " + "aa".repeat(32),
                        "8@1020/12345 " + "bb".repeat(32),
                        "8@1040/12345 " + "cc".repeat(32),
                        "8@1060/12345 " + "dd".repeat(32));
    }

    @Test
    void readsTheSpecificationsExampleOfALongMessage() {
        // RTMP 1.0 §5.3.2.2: 307 bytes in chunks of 128, 128 and 51.
        received.feed("04 0003e8 000133 09 3a300000" + "aa".repeat(128))
                .feed("c4" + "bb".repeat(128))
                .feed("c4" + "cc".repeat(51));
        assertThat(received.messages)
                .containsExactly("9@1000/12346 " + "aa".repeat(128) + "bb".repeat(128) + "cc".repeat(51));
    }

    /** A key frame is not copied before it goes into the log; what comes in pieces is put together elsewhere. */
    @Test
    void aMessageThatIsThereAsAWholeStaysInTheSocketsBuffer() {
        List<ByteBuf> bodies = new ArrayList<>();
        ChunkDecoder decoder = new ChunkDecoder(
                Received.LIMITS, UnpooledByteBufAllocator.DEFAULT, (type, time, stream, body) -> bodies.add(body));
        ByteBuf socket = Unpooled.buffer().writeBytes(bytes("03 000000 000020 08 01000000" + "aa".repeat(32)));
        decoder.decode(socket);
        assertThat(socket.refCnt()).isEqualTo(2);
        assertThat(bodies.getLast()).isEqualTo(bytes("aa".repeat(32)));
        bodies.removeLast().release();
        socket.clear().writeBytes(bytes("03 000000 000020 08 01000000" + "bb".repeat(20)));
        decoder.decode(socket);
        decoder.decode(socket.clear().writeBytes(bytes("bb".repeat(12))));
        assertThat(socket.refCnt()).isEqualTo(1);
        assertThat(bodies.getLast()).isEqualTo(bytes("bb".repeat(32)));
        bodies.removeLast().release();
        decoder.close();
        socket.release();
    }

    @Test
    void readsChunkStreamIdsOfOneTwoAndThreeBytes() {
        received.feed("3f 000001 000001 08 01000000 01") // 63
                .feed("00 00 000002 000001 08 01000000 02") // 64
                .feed("00 ff 000003 000001 08 01000000 03") // 319
                .feed("01 00 01 000004 000001 08 01000000 04") // 320
                .feed("01 ff ff 000005 000001 08 01000000 05"); // 65599
        // Each goes on by itself, and the long form of a short id is the same chunk stream.
        received.feed("c1 00 00 12")
                .feed("c0 ff 13")
                .feed("c1 00 01 14")
                .feed("c1 ff ff 15")
                .feed("ff 11");
        assertThat(received.messages)
                .containsExactly(
                        "8@1/1 01",
                        "8@2/1 02",
                        "8@3/1 03",
                        "8@4/1 04",
                        "8@5/1 05",
                        "8@4/1 12",
                        "8@6/1 13",
                        "8@8/1 14",
                        "8@10/1 15",
                        "8@2/1 11");
    }

    @Test
    void keepsAMessageInProgressPerChunkStream() {
        received.feed("04 000000 000084 08 01000000" + "a0".repeat(128))
                .feed("06 000000 000085 09 01000000" + "b0".repeat(128))
                .feed("02 000000 000004 01 00000000 00000100")
                .feed("c6" + "b1".repeat(5))
                .feed("c4" + "a1".repeat(4));
        assertThat(received.messages)
                .containsExactly(
                        "1@0/0 00000100",
                        "9@0/1 " + "b0".repeat(128) + "b1".repeat(5),
                        "8@0/1 " + "a0".repeat(128) + "a1".repeat(4));
    }

    @Test
    void takesANewChunkSizeBetweenTheChunksOfAMessage() {
        received.feed("04 000000 000100 08 01000000" + "a0".repeat(128))
                .feed("02 000000 000004 01 00000000 00000020")
                .feed("c4" + "a1".repeat(32) + "c4" + "a2".repeat(32) + "c4" + "a3".repeat(32))
                .feed("02 000000 000004 01 00000000 00010000")
                .feed("c4" + "a4".repeat(32));
        assertThat(received.messages.getLast())
                .isEqualTo("8@0/1 " + "a0".repeat(128) + "a1".repeat(32) + "a2".repeat(32) + "a3".repeat(32)
                        + "a4".repeat(32));
    }

    @Test
    void readsExtendedTimestampsAbsoluteAndAsDifference() {
        received.feed("04 ffffff 000001 08 01000000 01000000 aa") // absolute 16,777,216
                .feed("84 ffffff 01000001 bb") // a difference of 16,777,217
                .feed("84 000014 cc");
        assertThat(received.messages).containsExactly("8@16777216/1 aa", "8@33554433/1 bb", "8@33554453/1 cc");
    }

    @Test
    void readsTimestampsUpToTheLastOf32Bits() {
        received.feed("04 ffffff 000001 08 01000000 ffffffff aa").feed("84 000002 bb");
        assertThat(received.messages).containsExactly("8@4294967295/1 aa", "8@1/1 bb");
    }

    @Test
    void acceptsExtendedTimestampsThatAreRepeatedAndThatAreNot() {
        String first = "06 ffffff 000102 09 01000000 01234567" + "aa".repeat(128);
        received.feed(first + "c6 01234567" + "bb".repeat(128) + "c6 01234567 cccc");
        received.feed(first + "c6" + "bb".repeat(128) + "c6 cccc");
        String expected = "9@19088743/1 " + "aa".repeat(128) + "bb".repeat(128) + "cccc";
        assertThat(received.messages).containsExactly(expected, expected);
    }

    @Test
    void acceptsTheMessagesTimeRepeatedWhereTheHeaderHadADifference() {
        received.feed("06 ffffff 000001 09 01000000 02000000 00")
                .feed("46 ffffff 000081 09 01000000" + "aa".repeat(128) + "c6 03000000 bb");
        assertThat(received.messages.getLast()).isEqualTo("9@50331648/1 " + "aa".repeat(128) + "bb");
    }

    @Test
    void doesNotWaitForARepeatedTimestampThatCannotCome() {
        // The last byte of the message differs from the timestamp at once: nothing more is needed to know.
        received.feed("06 ffffff 000081 09 01000000 01234567" + "aa".repeat(128) + "c6 02");
        assertThat(received.messages).hasSize(1);
    }

    @Test
    void tellsPayloadThatBeginsLikeTheTimestampFromTheTimestamp() {
        String first = "06 ffffff 000083 09 01000000 01234567" + "aa".repeat(128);
        received.feed(first + "c6 01 23").feed("ff 04 000000 000000 08 01000000");
        assertThat(received.messages).containsExactly("9@19088743/1 " + "aa".repeat(128) + "0123ff", "8@0/1 ");
    }

    @Test
    void takesFormat1AsTheBeginOfAChunkStreamAsADifferenceFromZero() {
        received.feed("42 000005 000004 05 00002710");
        assertThat(received.messages).containsExactly("5@5/0 00002710");
    }

    @Test
    void refusesFormats2And3AsTheBeginOfAChunkStream() {
        assertThatThrownBy(() -> received.feed("84 000000 aa"))
                .isInstanceOf(MalformedDataException.class)
                .hasMessage("chunk format at the begin of a chunk stream: 2 (expected: 0 or 1)");
        assertThatThrownBy(() -> new Received().feed("c4 aa")).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void refusesANewHeaderInsideAMessage() {
        received.feed("04 000000 000100 08 01000000" + "a0".repeat(128));
        assertThatThrownBy(() -> received.feed("44 000000 000001 08"))
                .hasMessage("chunk format inside a message: 1 (expected: 3)");
    }

    @Test
    void givesOutMessagesWithoutBody() {
        received.feed("04 000000 000000 08 01000000").feed("84 000001").feed("c4");
        assertThat(received.messages).containsExactly("8@0/1 ", "8@1/1 ", "8@2/1 ");
    }

    @Test
    void forgetsAnAbortedMessage() {
        received.feed("04 000000 000100 08 01000000" + "a0".repeat(128))
                .feed("02 000000 000004 02 00000000 00000004")
                .feed("02 000000 000004 02 00000000 00000063") // a chunk stream that does not exist
                .feed("04 000007 000002 08 01000000 b0b1");
        assertThat(received.messages.getLast()).isEqualTo("8@7/1 b0b1");
    }

    @Test
    void refusesChunkSizesThatAreNone() {
        assertThatThrownBy(() -> received.decoder.chunkSize(0)).hasMessage("chunk size: 0 (expected: 1 to 2147483647)");
        assertThatThrownBy(() -> received.decoder.chunkSize(0x80000000))
                .hasMessage("chunk size: 2147483648 (expected: 1 to 2147483647)");
        assertThatThrownBy(() -> received.decoder.chunkSize((1 << 20) + 1))
                .hasMessage("chunk size: 1048577 (expected: at most 1048576)");
    }

    @Test
    void acceptsTheLargestChunkSizeWhereNoMessageIsTooLong() {
        try (Received generous = new Received(new ChunkLimits(0xFFFFFF, 1 << 20, 1 << 16, 4))) {
            generous.decoder.chunkSize(Integer.MAX_VALUE);
            generous.feed("04 000000 000200 08 01000000" + "a0".repeat(512));
            assertThat(generous.messages).hasSize(1);
        }
    }

    @Test
    void holdsMessagesToTheLimitOfTheirKind() {
        assertThatThrownBy(() -> received.feed("04 000000 100001 09 01000000"))
                .hasMessage("length of message type 9: 1048577 (expected: at most 1048576)");
        assertThatThrownBy(() -> new Received().feed("03 000000 010001 14 00000000"))
                .hasMessage("length of message type 20: 65537 (expected: at most 65536)");
    }

    @Test
    void refusesMoreChunkStreamsThanAllowed() {
        for (int id = 0; id < 64; id++) {
            received.feed("00 %02x 000000 000000 08 01000000".formatted(id));
        }
        assertThatThrownBy(() -> received.feed("00 40 000000 000000 08 01000000"))
                .hasMessage("chunk streams: 65 (expected: at most 64)");
    }

    @Test
    void boundsWhatUnfinishedMessagesHoldTogether() {
        received.decoder.chunkSize((1 << 20) - 1);
        byte[] most = new byte[(1 << 20) - 1];
        for (int id = 4; id < 6; id++) {
            received.feed("%02x 000000 100000 09 01000000".formatted(id)).feed(most);
        }
        assertThatThrownBy(() -> received.feed("06 000000 100000 09 01000000").feed(most))
                .hasMessageStartingWith("bytes of unfinished messages: 3145725");
        assertThat(received.messages).isEmpty();
    }

    @Test
    void reservesWhatHasComeAndNotWhatIsAnnounced() {
        ChunkStream stream = new ChunkStream();
        stream.length = 0xFFFFFF;
        ByteBuf[] last = {Unpooled.EMPTY_BUFFER};
        stream.append(Unpooled.wrappedBuffer(new byte[100]), 100, new PooledByteBufAllocator(false) {
            @Override
            public ByteBuf buffer(int initial, int most) {
                last[0] = super.buffer(initial, most);
                return last[0];
            }
        });
        assertThat(last[0].capacity()).isEqualTo(4096);
        stream.drop();
        assertThat(last[0].refCnt()).isZero();
    }

    @Test
    void decodesNothingMoreOnceItIsClosedByItsOutput() {
        int[] count = {0};
        ChunkDecoder[] self = new ChunkDecoder[1];
        self[0] = new ChunkDecoder(Received.LIMITS, PooledByteBufAllocator.DEFAULT, (type, time, id, body) -> {
            count[0]++;
            body.release();
            self[0].close();
        });
        self[0].decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(
                "0400000000000008010000000400000000000008010000000400000000000008" + "01000000")));
        assertThat(count[0]).isEqualTo(1);
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }
}
