package xiu.stream.seam;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Listeners that are called one after the other. One that throws affects neither the others nor the caller. Any thread;
 * a call allocates nothing as long as its method reference binds nothing.
 */
public final class Listeners<T> {
    private final CopyOnWriteArrayList<T> all = new CopyOnWriteArrayList<>();
    private final BiConsumer<? super T, ? super Throwable> onFault;

    /**
     * Without listeners; {@code onFault} gets each listener that has thrown, and what it threw, and must not throw
     * itself.
     */
    public Listeners(BiConsumer<? super T, ? super Throwable> onFault) {
        this.onFault = onFault;
    }

    /** Calls it from now on. */
    public void add(T listener) {
        all.add(listener);
    }

    /** Does not call it any more; false when it was not there. */
    public boolean remove(T listener) {
        return all.remove(listener);
    }

    /** Removes all; the caller may still {@linkplain #call(Object, BiConsumer, Object) call} each. */
    public List<T> removeAll() {
        List<T> removed = List.copyOf(all);
        all.removeAll(removed);
        return removed;
    }

    /** Calls all listeners. */
    public <A> void call(BiConsumer<? super T, ? super A> call, A what) {
        for (T listener : all) {
            call(listener, call, what);
        }
    }

    /** Calls one listener. */
    public <A> void call(T listener, BiConsumer<? super T, ? super A> call, A what) {
        try {
            call.accept(listener, what);
        } catch (Throwable fault) {
            onFault.accept(listener, fault);
        }
    }

    /** Whether the answer of one of them is yes; one that throws counts as no. */
    public boolean any(Predicate<? super T> question) {
        for (T listener : all) {
            try {
                if (question.test(listener)) {
                    return true;
                }
            } catch (Throwable fault) {
                onFault.accept(listener, fault);
            }
        }
        return false;
    }
}
