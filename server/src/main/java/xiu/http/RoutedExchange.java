package xiu.http;

/** An exchange as the router sees it, which sets what routes only read. On the exchange's event loop. */
public interface RoutedExchange extends HttpExchange {
    /** The target of the request line as received (RFC 9112 §3.2), or the path in another version of HTTP. */
    String target();

    /** Sets the query that {@link #query()} returns from now on. */
    void query(String received);

    /** Sets who may read the answer, before anybody answers; otherwise pages of any origin may. */
    void exposure(Exposure ofRoute);
}
