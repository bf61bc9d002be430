package xiu.transport.tls;

/** A certificate, or its key, cannot be used. The message is for the user and names the file. */
public final class BadCertificateException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean ofKey;

    private BadCertificateException(String message, boolean ofKey) {
        super(message, null, false, false);
        this.ofKey = ofKey;
    }

    static BadCertificateException certificate(Object file, String problem) {
        return new BadCertificateException(file + " " + problem, false);
    }

    static BadCertificateException key(Object file, String problem) {
        return new BadCertificateException(file + " " + problem, true);
    }

    /** The key of the settings that the problem belongs to: {@code cert} or {@code key}. */
    public String setting() {
        return ofKey ? "key" : "cert";
    }
}
