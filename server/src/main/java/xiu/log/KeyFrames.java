package xiu.log;

import java.util.ArrayDeque;
import java.util.Iterator;

/** The sequences of the key frames in a log, oldest first. Confined to the log's writer. */
final class KeyFrames {
    /** More groups of pictures than anybody may ask a new player to start with. */
    private static final int MOST = 65;

    private final ArrayDeque<Long> sequences = new ArrayDeque<>();

    void add(long sequence) {
        sequences.addLast(sequence);
        if (sequences.size() > MOST) {
            sequences.removeFirst();
        }
    }

    void forgetBefore(long head) {
        while (!sequences.isEmpty() && sequences.getFirst() < head) {
            sequences.removeFirst();
        }
    }

    /** The n-th key frame from the newest (1: the newest), or the oldest there is; -1 when there is none. */
    long fromNewest(int n) {
        long found = -1;
        Iterator<Long> newestFirst = sequences.descendingIterator();
        for (int i = 0; i < n && newestFirst.hasNext(); i++) {
            found = newestFirst.next();
        }
        return found;
    }
}
