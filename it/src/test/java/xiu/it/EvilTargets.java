package xiu.it;

import java.util.List;

/** Targets of HTTP requests that name no stream and no segment, but try to. */
final class EvilTargets {
    /** A file {@code canary.ts} beside the folder of the segments is what they look for. */
    static final List<String> ALL = List.of(
            "/../canary.ts",
            "/live/../../canary.ts",
            "/live/good/../../../canary.ts",
            "/live/good/../../canary.ts",
            "/%2e%2e/%2e%2e/canary.ts",
            "/live/%2e%2e%2fcanary.ts",
            "/live/%2E%2E/canary.ts",
            "/live/good/..%5c..%5ccanary.ts",
            "/live\\..\\..\\canary.ts",
            "/live/good/..\\..\\..\\canary.ts",
            "/%252e%252e/%252e%252e/canary.ts",
            "/live/good/%252e%252e%252f%252e%252e%252fcanary.ts",
            "/live/good/%2e%2e%2f%2e%2e%2f%2e%2e%2fcanary.ts",
            "/live/good/%2500.ts",
            "/live/good/\u0000.ts",
            "/live/good/%00.ts",
            "/live/good/1.ts%00.m3u8",
            "/live/go%00od.flv",
            "/live//good.flv",
            "//live/good.flv",
            "/live/good//good.m3u8",
            "/live/%ff%fe.flv",
            "/live/%c0%ae%c0%ae/good.flv",
            "/live/\u00ff\u00fe.flv",
            "/live/./good.flv",
            "/live/%zz/good.flv",
            "/live/good%",
            "/.flv",
            "/live/.flv",
            "/live/..flv",
            "/live/good/01.ts",
            "/live/good/-1.ts",
            "/live/good/99999999999999999999.ts",
            "http://x/../canary.ts",
            "canary.ts",
            "*",
            "/live/good.flv#x");

    private EvilTargets() {}
}
