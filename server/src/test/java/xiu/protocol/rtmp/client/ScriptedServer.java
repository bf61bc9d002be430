package xiu.protocol.rtmp.client;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage;
import xiu.protocol.rtmp.wire.handshake.HandshakeHandler;

/** The far side of one connection: it shakes hands, and then says to each command what its script says. */
final class ScriptedServer implements RtmpLink.Owner {
    private final BiConsumer<RtmpLink, RtmpCommand> script;
    private final Consumer<RtmpMessage.Media> media;
    private RtmpLink link;

    private ScriptedServer(BiConsumer<RtmpLink, RtmpCommand> script, Consumer<RtmpMessage.Media> media) {
        this.script = script;
        this.media = media;
    }

    /** Answers at a channel; {@code media} borrows what is published. */
    static void serve(Channel channel, BiConsumer<RtmpLink, RtmpCommand> script, Consumer<RtmpMessage.Media> media) {
        channel.pipeline()
                .addLast(new HandshakeHandler(
                        Duration.ofSeconds(20),
                        context -> channel.pipeline()
                                .addLast(new RtmpLink(
                                        RtmpLimits.defaults().chunks(), new ScriptedServer(script, media))),
                        context -> {}));
    }

    @Override
    public void onOpen(RtmpLink opened) {
        link = opened;
    }

    @Override
    public void onMessage(RtmpMessage message) {
        if (message instanceof RtmpMessage.Command command) {
            script.accept(link, RtmpCommand.parse(command.values()));
            link.flush();
        } else if (message instanceof RtmpMessage.Media part) {
            media.accept(part);
            part.body().release();
        }
    }

    @Override
    public void onClosed() {
        // The test looks at the other end.
    }

    @Override
    public void onFault(Throwable fault) {
        link.close();
    }
}
