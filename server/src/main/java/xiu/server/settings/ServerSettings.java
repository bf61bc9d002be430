package xiu.server.settings;

import xiu.http.HttpSettings;
import xiu.protocol.hls.HlsSettings;
import xiu.protocol.httpflv.HttpFlvSettings;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.service.auth.AuthSettings;
import xiu.service.relay.RelaySettings;
import xiu.stream.settings.StreamSettings;
import xiu.transport.TransportSettings;
import xiu.transport.tls.TlsPorts;
import xiu.transport.tls.TlsSettings;

/**
 * Everything that can be configured, by the part of the server that uses it.
 *
 * @param rtmp the {@code [rtmp]} table
 * @param httpflv the {@code [httpflv]} table
 * @param hls the {@code [hls]} table
 * @param stream the {@code [stream]} table
 * @param relay the {@code [rtmp.pull]} and {@code [[rtmp.push]]} tables
 * @param transport the {@code [transport]} table
 * @param http the limits of HTTP connections
 * @param auth the {@code [authsecret]} table and the {@code auth} table of each protocol
 * @param tls the {@code [tls]} table
 * @param tlsPorts the {@code tls} table of each protocol
 * @param log the {@code [log]} table
 */
public record ServerSettings(
        RtmpSettings rtmp,
        HttpFlvSettings httpflv,
        HlsSettings hls,
        StreamSettings stream,
        RelaySettings relay,
        TransportSettings transport,
        HttpSettings http,
        AuthSettings auth,
        TlsSettings tls,
        TlsPorts tlsPorts,
        LogSettings log) {

    /** What runs without a configuration file. */
    public static ServerSettings defaults() {
        return new ServerSettings(
                RtmpSettings.defaults(),
                HttpFlvSettings.defaults(),
                HlsSettings.defaults(),
                StreamSettings.defaults(),
                RelaySettings.defaults(),
                TransportSettings.defaults(),
                HttpSettings.defaults(),
                AuthSettings.defaults(),
                TlsSettings.defaults(),
                TlsPorts.defaults(),
                LogSettings.defaults());
    }

    /** These settings with other listeners and another log. */
    public ServerSettings with(
            RtmpSettings newRtmp, HttpFlvSettings newHttpflv, HlsSettings newHls, LogSettings newLog) {
        return new ServerSettings(
                newRtmp, newHttpflv, newHls, stream, relay, transport, http, auth, tls, tlsPorts, newLog);
    }
}
