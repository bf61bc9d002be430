package xiu.transport;

import java.util.concurrent.TimeUnit;

/** How often a viewer may skip: so many times within a minute. Confined to its event loop. */
final class SkipBudget {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final int most;
    private int spent;
    private long since;

    /** At most {@code most} skips a minute; 0: any number. */
    SkipBudget(int most) {
        this.most = most;
    }

    /** Spends one at {@code now}, ns; false when there is none left. */
    boolean spend(long now) {
        if (spent == 0 || now - since > MINUTE) {
            since = now;
            spent = 0;
        }
        spent++;
        return most == 0 || spent <= most;
    }
}
