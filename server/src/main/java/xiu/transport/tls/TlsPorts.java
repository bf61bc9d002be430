package xiu.transport.tls;

/**
 * Which protocols listen for TLS.
 *
 * @param rtmp the {@code [rtmp.tls]} table
 * @param httpflv the {@code [httpflv.tls]} table
 * @param hls the {@code [hls.tls]} table
 */
public record TlsPorts(TlsPort rtmp, TlsPort httpflv, TlsPort hls) {
    private static final TlsPorts DEFAULTS =
            new TlsPorts(TlsPort.usual(1936), TlsPort.usual(8444), TlsPort.usual(8443));

    /** None, with the ports that are usual. */
    public static TlsPorts defaults() {
        return DEFAULTS;
    }

    /** Whether any does. */
    public boolean any() {
        return rtmp.enabled() || httpflv.enabled() || hls.enabled();
    }
}
