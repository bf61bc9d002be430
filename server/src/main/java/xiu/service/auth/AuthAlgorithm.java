package xiu.service.auth;

/** How a token is made from the secret. */
public enum AuthAlgorithm {
    /** The token is the password. */
    SIMPLE,
    /** The token is the hexadecimal MD5 of the key followed by the stream's name. */
    MD5
}
