package xiu.protocol.hls;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.AccessRequest.Action;

/** Some tokens, asked of those who play by HLS or of nobody. */
record TokensOfTests(boolean hls, List<String> tokens) implements AccessPolicy {
    @Override
    public CompletionStage<Access> check(AccessRequest request) {
        String shown = credential(request.credentials().query()).replaceFirst("token=", "");
        boolean granted = !asks(request.action(), request.peer().protocol())
                || tokens.contains(shown)
                || tokens.contains(request.credentials().bearer());
        return CompletableFuture.completedFuture(granted ? Access.GRANTED : Access.DENIED);
    }

    @Override
    public boolean asks(Action action, String protocol) {
        return hls && action == Action.PLAY;
    }

    @Override
    public String credential(String query) {
        return Stream.of(query.split("&"))
                .filter(parameter -> parameter.startsWith("token="))
                .findFirst()
                .orElse("");
    }
}
