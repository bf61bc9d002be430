package xiu.server;

/** Starts the server. */
public final class Main {
    private Main() {}

    /** Runs Xiu with the arguments of the command line. */
    public static void main(String[] args) {
        System.exit(args.length == 0 ? 0 : 2);
    }
}
