package xiu.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A local address that a listener binds: one IPv4 or IPv6 address, or every address of the machine. */
public final class BindAddress {
    /** Every address of the machine, IPv4 and IPv6. */
    public static final BindAddress ANY = new BindAddress("*", null);

    private final String text;
    private final @Nullable InetAddress address;

    private BindAddress(String text, @Nullable InetAddress address) {
        this.text = text;
        this.address = address;
    }

    /**
     * Reads {@code *} (every address), an IPv4 or IPv6 literal, or a host name, which is resolved now.
     *
     * @throws IllegalArgumentException when the text is neither an address nor a name that resolves
     */
    public static BindAddress parse(String text) {
        if (text.equals("*")) {
            return ANY;
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("\"\" (expected: an IPv4 or IPv6 address, or \"*\" for all)");
        }
        try {
            return new BindAddress(text, InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" (expected: an IPv4 or IPv6 address of this machine, or \"*\" for all)", e);
        }
    }

    /** This address with a port; port 0 lets the system choose a free one. */
    public InetSocketAddress withPort(int port) {
        return address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port);
    }

    /** Whether listeners on the same port of these two addresses would conflict. */
    public boolean overlaps(BindAddress other) {
        return isWildcard() || other.isWildcard() || equals(other);
    }

    private boolean isWildcard() {
        return address == null || address.isAnyLocalAddress();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BindAddress that && Objects.equals(address, that.address);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(address);
    }

    /** The text it was read from. */
    @Override
    public String toString() {
        return text;
    }
}
