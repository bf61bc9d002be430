package xiu.server;

/** What is logged: a level and everything more urgent. */
enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
}
