package xiu.protocol.rtmp.client;

import java.time.Duration;

/**
 * How long a client waits for the far side.
 *
 * @param connect for its TCP answer
 * @param setup from then on until it lets us publish or play
 * @param stall for the next byte of what it sends
 */
record ClientTimes(Duration connect, Duration setup, Duration stall) {
    static final ClientTimes DEFAULTS =
            new ClientTimes(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));
}
