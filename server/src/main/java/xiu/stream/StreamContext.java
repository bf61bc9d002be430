package xiu.stream;

import java.util.function.LongSupplier;
import xiu.log.LogSettings;
import xiu.stream.settings.StreamSettings;

/** What a stream needs of its hub. */
interface StreamContext {
    StreamSettings settings();

    LogSettings logSettings();

    LongSupplier nanoTime();

    StreamListener events();

    /** The stream's publisher is gone; the hub decides how the stream goes on. Called outside all locks. */
    void unpublished(MediaStream stream, Publication by, EndReason reason);
}
