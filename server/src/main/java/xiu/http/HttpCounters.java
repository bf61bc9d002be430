package xiu.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import xiu.metrics.Counter;
import xiu.metrics.Registry;

/** Answers of one listener by the class of their status, whatever version of HTTP carries them. Any thread. */
public final class HttpCounters {
    /** 1xx to 5xx; the first is for what has no such class. */
    private static final int CLASSES = 6;

    private final Counter[] answers = new Counter[CLASSES];

    /** Nothing answered yet. */
    public HttpCounters() {
        for (int i = 0; i < CLASSES; i++) {
            answers[i] = new Counter();
        }
    }

    /** A request was answered with this status; one that could not be read counts, too. */
    public void answered(HttpResponseStatus status) {
        int first = status.code() / 100;
        answers[first > 0 && first < CLASSES ? first : 0].increment();
    }

    /** How many were answered with a status of {@code first} hundred and something. */
    public long count(int first) {
        return answers[first].value();
    }

    /** Registers them under this listener's name. */
    public void register(Registry registry, String listener) {
        registry.counters(
                "xiu_http_requests_total",
                "Requests answered by HTTP, by listener and class of the status",
                List.of("listener", "status"),
                values -> {
                    for (int first = 1; first < CLASSES; first++) {
                        if (count(first) > 0) {
                            values.add(count(first), listener, first + "xx");
                        }
                    }
                });
    }
}
