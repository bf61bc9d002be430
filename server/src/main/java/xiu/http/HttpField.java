package xiu.http;

import io.netty.util.AsciiString;

/**
 * One field of a reply (RFC 9110 §5), ready for any version of HTTP. Names and values come from our own code, never from a
 * peer.
 *
 * @param name as HTTP/1.1 writes it; HTTP/2 has it in lower case
 */
public record HttpField(AsciiString name, AsciiString value) {
    public HttpField {
        checkLine(name, name);
        checkLine(name, value);
    }

    /** A field with these characters, each a byte of ISO 8859-1. */
    public static HttpField of(String name, String value) {
        return new HttpField(new AsciiString(name), new AsciiString(value));
    }

    private static void checkLine(AsciiString name, AsciiString text) {
        if (text.indexOf('\r', 0) >= 0 || text.indexOf('\n', 0) >= 0) {
            throw new IllegalArgumentException(name + ": line break (expected: one line)");
        }
    }
}
