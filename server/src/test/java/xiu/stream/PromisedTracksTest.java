package xiu.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.container.flv.FlvDemuxer;
import xiu.container.flv.FlvTagFormat;
import xiu.container.flv.OnMetaData;
import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfReader;
import xiu.container.flv.amf.AmfValue;
import xiu.media.WireFormat;
import xiu.medialog.ByteChunk;
import xiu.medialog.ByteLog;
import xiu.medialog.JoinPoint;
import xiu.protocol.rtmp.wire.RtmpMessageFormat;
import xiu.stream.SampleStreams.SamplePublisher;

/** What a late player is told of tracks that were announced and never came. Times are those of the media, in ms. */
class PromisedTracksTest {
    private static final WireFormat FLV = new FlvTagFormat();
    private static final WireFormat RTMP = RtmpMessageFormat.playing(1);
    private static final String AAC_HEADER = "af001210";
    private static final String AVC_HEADER = "1700000000 016742c01e ffe1 0006 6742c01e95a0 01 0004 68ce3c80";
    private static final int AUDIO = 8;
    private static final int VIDEO = 9;
    private static final int DATA = 18;

    private final ManualTimer timer = new ManualTimer();
    private final StreamHub hub =
            new StreamHub(SampleStreams.settings(changes -> changes), AccessPolicy.OPEN, timer, () -> 0);
    private final MediaStream stream;
    private final FlvDemuxer demuxer;

    PromisedTracksTest() {
        Publication publication = hub.feed(new StreamKey("live", "test"), new SamplePublisher("A", 1));
        stream = publication.stream();
        demuxer = new FlvDemuxer(publication);
    }

    @AfterEach
    void nothingIsLeft() {
        hub.stop();
        assertThat(stream.memory()).isZero();
        timer.shutdownNow();
    }

    /** A tag of what a player gets: its type and its body. */
    private record Tag(int type, ByteBuf body) {
        AmfValue.Fields metadata() {
            AmfReader reader = new AmfReader(body.duplicate());
            reader.readText();
            return (AmfValue.Fields) reader.read();
        }
    }

    @Test
    void soundThatMetadataPromisesIsPromisedForTheFirstSecondsOnly() {
        metadata();
        demuxer.video(0, bytes(AVC_HEADER));
        pictures(0, 3_000);
        assertThat(flags(join(FLV))).isEqualTo(5);
        assertThat(fields(join(FLV))).contains("audiocodecid", "audiodatarate", "stereo", "videocodecid", "encoder");
        pictures(3_000, 12_000);
        byte[] late = join(FLV);
        assertThat(flags(late)).isEqualTo(1);
        assertThat(fields(late)).containsExactly("width", "videocodecid", "framerate", "encoder");
        assertThat(types(late)).containsExactly(DATA, VIDEO);
        assertThat(new String(join(RTMP), java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("videocodecid")
                .doesNotContain("audiocodecid");
    }

    @Test
    void aLoneSequenceHeaderIsNoSound() {
        demuxer.video(0, bytes(AVC_HEADER));
        demuxer.audio(0, bytes(AAC_HEADER));
        pictures(0, 3_000);
        assertThat(types(join(FLV))).containsExactly(VIDEO, AUDIO);
        pictures(3_000, 12_000);
        assertThat(flags(join(FLV))).isEqualTo(1);
        assertThat(types(join(FLV))).containsExactly(VIDEO);
    }

    /** The key frame that a player begins with may be as old as the promise itself. */
    @Test
    void whatCountsIsWhenThePlayerComesAndNotWhereItBegins() {
        metadata();
        demuxer.video(0, bytes(AVC_HEADER));
        demuxer.audio(0, bytes(AAC_HEADER));
        picture(0, true);
        for (int millis = 40; millis < 12_000; millis += 40) {
            picture(millis, false);
        }
        assertThat(flags(join(FLV))).isEqualTo(1);
        sound(12_000);
        sound(12_500);
        assertThat(flags(join(FLV))).isEqualTo(5);
        assertThat(fields(join(FLV))).contains("audiocodecid");
    }

    @Test
    void picturesThatArePromisedAndNeverComeDoNotHoldTheSound() {
        metadata();
        demuxer.video(0, bytes(AVC_HEADER));
        demuxer.audio(0, bytes(AAC_HEADER));
        for (int millis = 0; millis < 12_000; millis += 20) {
            sound(millis);
        }
        byte[] late = join(FLV);
        assertThat(flags(late)).isEqualTo(4);
        assertThat(fields(late)).containsExactly("audiocodecid", "audiodatarate", "stereo", "encoder");
        assertThat(types(late)).containsExactly(DATA, AUDIO);
    }

    /** A player that joined without it has not got its configuration. */
    @Test
    void aTrackThatComesLateReachesThoseWhoJoinedWithoutIt() {
        demuxer.video(0, bytes(AVC_HEADER));
        demuxer.audio(0, bytes(AAC_HEADER));
        pictures(0, 12_000);
        JoinPoint at = Objects.requireNonNull(stream.byteLog(FLV).join(1));
        sound(12_010);
        sound(12_030);
        assertThat(tags(media(at), 0).stream()
                        .filter(tag -> tag.type == AUDIO)
                        .map(tag -> ByteBufUtil.hexDump(tag.body)))
                .containsExactly("af001210", "af0121", "af0121");
        pictures(12_040, 13_000);
        assertThat(flags(join(FLV))).isEqualTo(5);
        assertThat(types(join(FLV))).containsExactly(VIDEO, AUDIO);
    }

    @Test
    void whoHasItsConfigurationAlreadyGetsItOnce() {
        demuxer.video(0, bytes(AVC_HEADER));
        demuxer.audio(0, bytes(AAC_HEADER));
        pictures(0, 3_000);
        JoinPoint at = Objects.requireNonNull(stream.byteLog(FLV).join(1));
        pictures(3_000, 12_000);
        sound(12_010);
        assertThat(tags(media(at), 0).stream().filter(tag -> tag.type == AUDIO).count())
                .isEqualTo(1);
    }

    /** Sound that was switched off: who comes later would wait for it. */
    @Test
    void soundThatHasStoppedIsNotAnnouncedAnyMore() {
        demuxer.video(0, bytes(AVC_HEADER));
        demuxer.audio(0, bytes(AAC_HEADER));
        for (int millis = 0; millis < 30_000; millis += 40) {
            picture(millis, millis % 1_000 == 0);
            if (millis < 15_000) {
                sound(millis + 10);
            }
            if (millis == 20_000) {
                assertThat(flags(join(FLV))).isEqualTo(5);
            }
        }
        assertThat(flags(join(FLV))).isEqualTo(1);
    }

    @Test
    void anotherPublishersPromisesCountAgain() {
        metadata();
        demuxer.video(0, bytes(AVC_HEADER));
        pictures(0, 12_000);
        assertThat(flags(join(FLV))).isEqualTo(1);
        Publication next = hub.feed(stream.key(), new SamplePublisher("A", 1));
        FlvDemuxer other = new FlvDemuxer(next);
        other.video(0, bytes(AVC_HEADER));
        other.audio(0, bytes(AAC_HEADER));
        other.video(0, bytes("1701000000 00000002 6588"));
        assertThat(flags(join(FLV))).isEqualTo(5);
    }

    /** A format that nobody has used so far knows how old the stream is. */
    @Test
    void theFirstPlayerOfAFormatIsALatePlayer() {
        metadata();
        demuxer.video(0, bytes(AVC_HEADER));
        pictures(0, 12_000);
        assertThat(flags(join(FLV))).isEqualTo(1);
    }

    private void metadata() {
        AmfFields fields = AmfValue.fields();
        fields.put("width", 640).put("videocodecid", 7).put("framerate", 25).put("audiocodecid", 10);
        fields.put("audiodatarate", 128).put("stereo", true).put("encoder", "test");
        ByteBuf body = Unpooled.buffer();
        OnMetaData.write(fields.ecmaArray(), body);
        demuxer.script(0, body);
    }

    private void pictures(int from, int to) {
        for (int millis = from; millis < to; millis += 40) {
            picture(millis, millis % 1_000 == 0);
        }
    }

    private void picture(int millis, boolean key) {
        demuxer.video(millis, bytes(key ? "1701000000 00000002 6588" : "2701000000 00000002 419a"));
    }

    private void sound(int millis) {
        demuxer.audio(millis, bytes("af0121"));
    }

    /** What a player that comes now gets in front of the media. */
    private byte[] join(WireFormat format) {
        ByteLog log = stream.byteLog(format);
        JoinPoint at = Objects.requireNonNull(log.join(1));
        at.chunk().release();
        stream.readers().leave(log);
        return at.preamble();
    }

    private static int flags(byte[] preamble) {
        return preamble[4];
    }

    private static List<Integer> types(byte[] preamble) {
        return tags(Unpooled.wrappedBuffer(preamble), 13).stream()
                .map(Tag::type)
                .toList();
    }

    private static List<String> fields(byte[] preamble) {
        AmfValue.Fields fields =
                tags(Unpooled.wrappedBuffer(preamble), 13).getFirst().metadata();
        return List.copyOf(fields.fields().keySet());
    }

    private static List<Tag> tags(ByteBuf bytes, int from) {
        List<Tag> tags = new ArrayList<>();
        for (int at = from; at < bytes.writerIndex(); ) {
            int length = bytes.getUnsignedMedium(at + 1);
            tags.add(new Tag(bytes.getByte(at), bytes.slice(at + 11, length)));
            at += 11 + length + 4;
        }
        return tags;
    }

    /** All that follows; gives the hold back. */
    private static ByteBuf media(JoinPoint at) {
        ByteBuf all = Unpooled.buffer();
        ByteChunk chunk = at.chunk();
        int from = at.offset();
        while (true) {
            ByteChunk next = chunk.next();
            all.writeBytes(chunk.buffer().slice(from, chunk.limit() - from));
            boolean goesOn = next != null && next.tryRetain();
            chunk.release();
            if (!goesOn) {
                return all;
            }
            chunk = Objects.requireNonNull(next);
            from = 0;
        }
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
