package xiu.stream;

/** What happens when a second publisher comes to a name whose first one is alive. */
public enum ConflictPolicy {
    /** The newcomer takes over when it has the same address or had to show a token; otherwise it is refused. */
    AUTO,
    /** The newcomer takes over. */
    TAKEOVER,
    /** The newcomer is refused. */
    REJECT
}
