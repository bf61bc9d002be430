package xiu;

import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/** Netty's leak detector, but it keeps what it finds; the system property `io.netty.customResourceLeakDetector` names it. */
public final class LeakRecorder<T> extends ResourceLeakDetector<T> {
    private static final Pattern NOT_OURS =
            Pattern.compile("(?m)^\\t(java\\.base/|org\\.junit\\.|org\\.apache\\.maven).*\\R");
    private static final Collection<String> LEAKS = new ConcurrentLinkedQueue<>();

    /** What Netty calls for each kind of resource. */
    public LeakRecorder(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    /** What Netty 4.1 called; it still asks for this constructor. */
    public LeakRecorder(Class<?> resourceType, int samplingInterval, long maxActive) {
        this(resourceType, samplingInterval);
    }

    /** Hands over, and forgets, what was found since the last call. */
    static List<String> drain() {
        List<String> found = new ArrayList<>(LEAKS);
        LEAKS.removeAll(found);
        return found;
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        LEAKS.add(resourceType + " was not released" + NOT_OURS.matcher(records).replaceAll(""));
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        LEAKS.add(resourceType + " was not released (no trace: set -Dio.netty.leakDetection.level=paranoid)");
    }
}
