package xiu.transport;

import java.util.concurrent.CompletionStage;

/** A part of the server that runs until it is stopped: a listener, a relay, a recorder. */
public interface Service {
    /**
     * Starts the service; it is ready for its peers when this returns. Called once, on the starting thread.
     *
     * @throws StartException when it cannot start; whatever it had opened is closed again
     */
    void start();

    /**
     * Stops the service; completes when its peers are notified and its resources are closed. Harmless when repeated.
     */
    CompletionStage<Void> stop();
}
