package xiu.service.relay;

import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSource;

/** Posts the events of a pull's source, which come on any thread, to the relay thread. */
final class PullEvents implements StreamSource.Events {
    private final PullRelays owner;
    private final PullRelay pull;
    private final StreamSource from;

    PullEvents(PullRelays owner, PullRelay pull, StreamSource from) {
        this.owner = owner;
        this.pull = pull;
        this.from = from;
    }

    @Override
    public Publication connected(Publisher publisher) {
        Publication publication = owner.hub().feed(pull.key(), publisher);
        RelayPost.post(owner.thread(), () -> pull.connected(from, publication.stream()));
        return publication;
    }

    @Override
    public void reached(String nodeId) {
        RelayPost.post(owner.thread(), () -> pull.reached(from, nodeId));
    }

    @Override
    public void ended(RelayEnd end) {
        RelayPost.post(owner.thread(), () -> pull.ended(from, end));
    }
}
