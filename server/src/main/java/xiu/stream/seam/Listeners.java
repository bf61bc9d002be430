package xiu.stream.seam;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Those who are told what happens. Whoever throws costs neither the others nor the one who tells anything. Any thread; a
 * call makes no objects as long as its method reference binds nothing.
 */
public final class Listeners<T> {
    private final CopyOnWriteArrayList<T> all = new CopyOnWriteArrayList<>();
    private final BiConsumer<? super T, ? super Throwable> onFault;

    /** Nobody yet; {@code onFault} is given each listener that has thrown, and what; it must not throw itself. */
    public Listeners(BiConsumer<? super T, ? super Throwable> onFault) {
        this.onFault = onFault;
    }

    /** From now on it is told. */
    public void add(T listener) {
        all.add(listener);
    }

    /** It is told no more; false when it was not told before. */
    public boolean remove(T listener) {
        return all.remove(listener);
    }

    /** Takes everybody out; the caller may still {@linkplain #tell(Object, BiConsumer, Object) tell} each. */
    public List<T> removeAll() {
        List<T> removed = List.copyOf(all);
        all.removeAll(removed);
        return removed;
    }

    /** Tells everybody. */
    public <A> void tell(BiConsumer<? super T, ? super A> call, A what) {
        for (T listener : all) {
            tell(listener, call, what);
        }
    }

    /** Tells one. */
    public <A> void tell(T listener, BiConsumer<? super T, ? super A> call, A what) {
        try {
            call.accept(listener, what);
        } catch (Throwable fault) {
            onFault.accept(listener, fault);
        }
    }

    /** Whether one of them says so; one that throws says no. */
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
