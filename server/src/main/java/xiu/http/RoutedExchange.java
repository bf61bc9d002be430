package xiu.http;

/** An exchange on its way through the router, which is told things that routes are not. On the exchange's event loop. */
public interface RoutedExchange extends HttpExchange {
    /** The target of the request line as received (RFC 9112 §3.2), or what the path of another version is. */
    String target();

    /** The query has been read: it is what {@link #query()} returns from now on. */
    void query(String received);

    /** Whom the route answers. It is set before anybody answers; without it the answer is for any origin. */
    void exposure(Exposure ofRoute);
}
