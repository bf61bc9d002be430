package xiu.transport.client;

import java.net.IDN;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * The authority of a URL that the server itself dials: {@code [user[:password]@]host[:port]}. Its text form leaves the
 * user out. Unlike {@link URI#getHost()} it knows host names with underscores, as Docker Compose makes them, and names
 * beyond ASCII, which name servers and certificates have as punycode.
 *
 * @param userInfo as it stands in the URL, percent-encoded; empty when there is none
 * @param host a name in ASCII, an IPv4 address, or an IPv6 address without brackets
 * @param port -1 when the URL names none
 */
public record FarAddress(String userInfo, String host, int port) {
    private static final int LONGEST_NAME = 253;
    private static final int LAST_PORT = 65_535;
    private static final Pattern NAME = Pattern.compile(
            "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9_.-]{1,32})?");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /** Reads the authority; throws {@link IllegalArgumentException}, without naming the user, when it is none. */
    public static FarAddress of(URI uri) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        int user = authority.lastIndexOf('@');
        String place = authority.substring(user + 1);
        // The colons of an IPv6 address stand inside its brackets.
        int colon = place.indexOf(':', Math.max(place.indexOf(']'), 0));
        String host = colon < 0 ? place : place.substring(0, colon);
        String port = colon < 0 ? "" : place.substring(colon + 1);
        return new FarAddress(authority.substring(0, Math.max(user, 0)), host(host), port(port));
    }

    /**
     * A host in the form in which it is resolved; throws {@link IllegalArgumentException} when the text is no host.
     *
     * @param text a name, or an address; one of IPv6 may be in brackets
     */
    public static String host(String text) {
        boolean brackets = text.startsWith("[") && text.endsWith("]");
        String bare = brackets ? text.substring(1, text.length() - 1) : text;
        if (bare.indexOf(':') >= 0 || brackets) {
            if (bare.indexOf(':') >= 0 && IPV6.matcher(bare).matches()) {
                return bare;
            }
        } else {
            String ascii = ascii(bare);
            if (ascii.length() <= LONGEST_NAME && NAME.matcher(ascii).matches()) {
                return ascii;
            }
        }
        throw new IllegalArgumentException(
                "host: no name or address (expected: letters, digits, \".\", \"-\" and \"_\"," + " or an IP address)");
    }

    private static String ascii(String name) {
        try {
            return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            // A label is too long, or cannot be written as punycode.
            return "";
        }
    }

    private static int port(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("port: none (expected: 1 to " + LAST_PORT + ")");
        }
        return port;
    }

    /** The port, or this one when the URL names none. */
    public int portOr(int usual) {
        return port < 0 ? usual : port;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + (port < 0 ? "" : ":" + port);
    }
}
