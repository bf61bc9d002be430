package xiu.protocol.rtmp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.FuzzMessages;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.server.TestPeer;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSource;
import xiu.transport.client.FarTrust;

/** Connections that a client has left for the next one, and what far sides say when they refuse. */
class ClientAttemptTest {
    private static final AmfValue NULL = AmfValue.Nothing.NULL;

    private final FarSide far = new FarSide(new UnpooledByteBufAllocator(true, true));
    private final List<RelayEnd> ends = new ArrayList<>();

    @AfterEach
    void close() {
        far.close();
    }

    private void pull(String url) {
        Duration soon = Duration.ofSeconds(5);
        RtmpDialer dialer = new RtmpDialer(
                far, RtmpLimits.defaults().chunks(), FarTrust.of(Optional.empty()), new ClientTimes(soon, soon, soon));
        dialer.source(new StreamKey("live", "cam"), URI.create(url), List.of()).start(new StreamSource.Events() {
            @Override
            public Publication connected(Publisher publisher) {
                throw new AssertionError("no media was sent");
            }

            @Override
            public void ended(RelayEnd end) {
                ends.add(end);
            }
        });
        far.settle();
        open();
    }

    /** Shakes hands on the newest connection; what is said there comes in one chunk each. */
    private void open() {
        far.shakeHands();
        far.say(TestPeer.bytes(FuzzMessages.ONE_CHUNK));
    }

    private static ByteBuf message(String name, double transaction, AmfValue... arguments) {
        return FarSide.command(0, name, transaction, arguments);
    }

    private static ByteBuf refusal(String description) {
        return message("_error", 1, NULL, RtmpStatus.CONNECT_REJECTED.information(description));
    }

    private static ByteBuf redirect(String to) {
        AmfValue ex = AmfValue.fields().put("code", 302).put("redirect", to).object();
        return message("_error", 1, NULL, AmfValue.fields().put("ex", ex).object());
    }

    @Test
    void howALinkEndsThatARedirectHasLeftDoesNotCount() {
        far.closesLate();
        pull("rtmp://far/live/cam?token=t");
        far.say(redirect("rtmp://far:1936/live"));
        assertThat(far.calls()).isEqualTo(2);
        open();
        // The new connection is open when the old one says its last words and goes.
        far.sayOnFirst(message("onStatus", 0, NULL, RtmpStatus.PLAY_STREAM_NOT_FOUND.information("not here")));
        far.sayOnFirst(message("_error", 1, NULL, RtmpStatus.CONNECT_REJECTED.information("once more")));
        far.closeFirst();
        assertThat(ends).isEmpty();
        assertThat(far.isOpen()).isTrue();
        far.say(message("_result", 1, NULL, NULL));
        far.say(message("onStatus", 0, NULL, RtmpStatus.PLAY_STREAM_NOT_FOUND.information("nor here")));
        assertThat(ends)
                .containsExactly(new RelayEnd(RelayEnd.Kind.NOT_FOUND, "NetStream.Play.StreamNotFound nor here"));
    }

    @ParameterizedTest
    @CsvSource({"far:1936, true", "other, false"})
    void aRedirectToAnotherHostCarriesNoToken(String place, boolean carried) {
        pull("rtmp://far/live/cam?token=secret");
        far.say(redirect("rtmp://" + place + "/live"));
        open();
        far.say(message("_result", 1, NULL, NULL));
        far.say(message("_result", 4, NULL, AmfValue.of(1)));
        String said = far.said();
        assertThat(said).contains("play", "cam");
        assertThat(said.contains("?token=secret")).isEqualTo(carried);
    }

    @Test
    void aKeyThatIsOnlyAQueryGoesToNoOtherHost() {
        pull("rtmp://far/live/?key=secret");
        far.say(redirect("rtmp://elsewhere/live"));
        assertThat(far.calls()).isOne();
        assertThat(ends).singleElement().satisfies(end -> {
            assertThat(end.kind()).isEqualTo(RelayEnd.Kind.REFUSED);
            assertThat(end.message()).contains("another host").doesNotContain("secret", "elsewhere");
        });
    }

    @Test
    void whatAFarSideSaysIsOneValueOfALineWithoutOurSecrets() {
        pull("rtmp://far/live/cam?token=secret");
        far.say(refusal("no \"cam?token=secret\"\n\u202e" + "x".repeat(10_000)));
        assertThat(ends)
                .singleElement()
                .satisfies(end -> assertThat(end.message())
                        .startsWith("connect: NetConnection.Connect.Rejected no 'cam?…'??xxx")
                        .hasSizeLessThan(250));
    }

    @Test
    void aFarSideThatAsksForAUserIsShownTheOneOfTheUrl() {
        pull("rtmp://user:pass@far/live/cam");
        far.say(refusal("[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : "));
        open();
        assertThat(far.said()).contains("live?authmod=adobe&user=user", "/live?authmod=adobe&user=user");
        far.say(refusal("[ AccessManager.Reject ] : [ authmod=adobe ] : "
                + "?reason=needauth&user=user&salt=s&challenge=c&opaque=o"));
        open();
        assertThat(far.said())
                .containsPattern(
                        "live\\?authmod=adobe&user=user&challenge=[0-9a-f]{8}&response=[A-Za-z0-9+/]{22}==&opaque=o")
                .doesNotContain("pass");
        far.say(refusal("[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed&opaque=o"));
        assertThat(far.calls()).isEqualTo(3);
        assertThat(ends)
                .containsExactly(new RelayEnd(RelayEnd.Kind.REFUSED, "the far side refuses the user or the password"));
    }

    @Test
    void aFarSideCannotAskForEver() {
        pull("rtmp://user:pass@far/live/cam");
        for (int i = 0; i < 10 && ends.isEmpty(); i++) {
            far.say(refusal("code=403 need auth; authmod=llnw ?reason=needauth&nonce=" + i));
            open();
        }
        assertThat(ends).hasSize(1);
        assertThat(far.calls()).isEqualTo(3);
    }

    @Test
    void aFarSideThatAsksWhereThereIsNoUserIsToldOnce() {
        pull("rtmp://far/live/cam");
        far.say(refusal("[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : "));
        assertThat(far.calls()).isOne();
        assertThat(ends)
                .singleElement()
                .satisfies(end -> assertThat(end.message())
                        .isEqualTo("the far side asks for a user (expected: user:password@ before the host)"));
    }
}
