package xiu.transport;

/** How the event loops wait for the kernel. */
public enum IoEngine {
    /** Epoll where it is available, NIO elsewhere. */
    AUTO,
    /** Linux epoll. */
    EPOLL,
    /** Linux io_uring. */
    IO_URING,
    /** The JDK's selector, on every platform. */
    NIO
}
