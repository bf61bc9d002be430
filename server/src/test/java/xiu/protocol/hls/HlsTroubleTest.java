package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.check.MediaFeed;
import xiu.codec.AacConfig;
import xiu.codec.OpaqueConfig;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.segment.format.TsSegments;

class HlsTroubleTest {
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final Logger log = new LoggerContext().getLogger("trouble");
    private final HlsTrouble trouble = new HlsTrouble(log, "live/cam", TsSegments.FORMAT);

    @BeforeEach
    void listen() {
        log.setLevel(Level.INFO);
        log.addAppender(written);
        written.start();
    }

    @Test
    void whatHlsLeavesOutOfAStreamThatItCarriesIsSaidOnce() {
        Track sound = MediaFeed.audio(AacConfig.lowComplexity(48_000, 11));
        for (int sweep = 0; sweep < 3; sweep++) {
            trouble.tracks(List.of(MediaFeed.AVC, sound));
        }
        assertThat(texts())
                .containsExactly("event=hls_track_left_out stream=live/cam track=2 kind=audio codec=aac"
                        + " reason=\"ADTS has no field for this AAC configuration\"");
    }

    @Test
    void anotherTrackBesideTheFirstIsSaidAndDescriptionsAreNot() {
        Track other = track(17, TrackKind.VIDEO, "h264");
        Track colours = track(Track.VIDEO_DESCRIPTION_ID, TrackKind.VIDEO, "description");
        Track data = track(Track.METADATA_ID, TrackKind.DATA, "amf0");
        trouble.tracks(List.of(data, MediaFeed.AVC, MediaFeed.AAC, colours, other));
        assertThat(texts()).singleElement().asString().contains("track=17 kind=video codec=h264 reason=\"one video");
    }

    @Test
    void aPublisherThatChangesItsCodecWithoutEndFillsNoLog() {
        for (int i = 0; i < 100; i++) {
            trouble.tracks(List.of(track(Track.VIDEO_ID, TrackKind.VIDEO, "video" + i)));
        }
        assertThat(texts()).hasSize(8);
    }

    @Test
    void missingFramesAreSaidOnce() {
        trouble.frames(0, 0);
        trouble.frames(1, 0);
        trouble.frames(2, 5);
        assertThat(texts()).containsExactly("event=hls_trouble stream=live/cam malformed_frames=1 skipped_packets=0");
    }

    private static Track track(int id, TrackKind kind, String codec) {
        return new Track(id, kind, new OpaqueConfig(codec), Unpooled.EMPTY_BUFFER);
    }

    private List<String> texts() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
