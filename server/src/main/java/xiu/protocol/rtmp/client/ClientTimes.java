package xiu.protocol.rtmp.client;

import java.time.Duration;

/**
 * How long a client waits for the far side.
 *
 * @param connect for the TCP connection
 * @param setup after that, until the far side allows to play or publish
 * @param stall for the next byte of the stream
 */
record ClientTimes(Duration connect, Duration setup, Duration stall) {
    static final ClientTimes DEFAULTS =
            new ClientTimes(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));
}
