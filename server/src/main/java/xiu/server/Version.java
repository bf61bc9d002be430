package xiu.server;

/** The version of this build. */
final class Version {
    private Version() {}

    /** What the manifest of the jar says; outside a jar there is none. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
