package xiu.protocol.rtmp.server;

/**
 * The transaction ids of a connection's calls that have been answered, so that none is answered twice: a client may take
 * every answer under the id of its {@code connect} for that of {@code connect}, and then asks for everything else again.
 * The peer chooses the ids, so only the first one, which is that of {@code connect}, and the newest ones are kept. Confined
 * to the event loop.
 */
public final class AnsweredCalls {
    private static final int MOST = 32;

    private final double[] ids = new double[MOST];
    private int count;
    /** Where the next id goes once all places are taken; never the first place. */
    private int oldest = 1;

    /** Notes that a call is being answered; false when one under the same id has been already. */
    public boolean add(double id) {
        for (int i = 0; i < count; i++) {
            // Compares as Double does, for which one NaN is like another.
            if (Double.compare(ids[i], id) == 0) {
                return false;
            }
        }
        if (count < MOST) {
            ids[count++] = id;
        } else {
            ids[oldest] = id;
            oldest = oldest == MOST - 1 ? 1 : oldest + 1;
        }
        return true;
    }
}
