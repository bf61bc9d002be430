package xiu.http;

/** Who may read the answers of a route: what browsers allow pages of other origins. */
public enum Exposure {
    /** Media for players on any page: every answer lets pages of any origin read it (CORS {@code *}). */
    PUBLIC_MEDIA,
    /**
     * Pages that come from this server itself, and programs that are no browsers: no answer lets another origin read it, and
     * what a page of another origin wants to change is refused.
     */
    OWN_ORIGIN
}
