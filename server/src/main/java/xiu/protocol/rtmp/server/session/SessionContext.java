package xiu.protocol.rtmp.server.session;

import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.login.LoginDialogue;
import xiu.stream.Peer;
import xiu.stream.StreamHub;
import xiu.transport.trouble.RareLines;

/**
 * What a session is given when it begins.
 *
 * @param nodeId this server's id among relays
 * @param hub where streams are published and found
 * @param troubles counts faults of peers, for the whole server
 * @param peer the client
 * @param limits what the peer may cost; changed limits apply to later sessions only
 * @param login asks publishers for a user and a password; null: nobody is asked
 */
public record SessionContext(
        String nodeId,
        StreamHub hub,
        RareLines troubles,
        Peer peer,
        RtmpLimits limits,
        @Nullable LoginDialogue login) {}
