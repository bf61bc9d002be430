# The tables of docs/benchmarks.md; after medians.awk.
function number(value, digits) { return value == "" ? "–" : sprintf("%." digits "f", value) }
function ms(value) { return number(value, value < 10 ? 2 : 0) }
function heading(name,    n) {
    if (name ~ /^rtmp-/) return substr(name, 6) " player" (name == "rtmp-1" ? "" : "s") " of one stream, RTMP"
    if (name ~ /^flv-/) return substr(name, 5) " players of one stream, HTTP-FLV"
    if (name ~ /^ws-/) return substr(name, 4) " players of one stream, WebSocket-FLV"
    if (name ~ /^ways-/) return substr(name, 6) " players of one stream, by protocol"
    if (name ~ /^hls-/) return substr(name, 5) " pollers of one stream, HLS, every segment once"
    if (name ~ /^stalled-/) return "100 players, of which " substr(name, 9) " stop reading, RTMP"
    if (name ~ /^streams-/) { split(substr(name, 9), n, "x"); return n[1] " streams with " n[2] " players each, RTMP" }
    if (name == "join-storm") return "1,000 players join within a second while 100 play, RTMP"
    return name
}
function table(name,    p, g, playing, stalls) {
    print "\n## " heading(name) "\n"
    print "| server | CPU, % | ÷ floor 100 ms | ÷ floor frame | ÷ nginx | latency p50 / p99 / max, ms | join p50 / p99, ms | playing | missing | stalls | RSS, MB | TCP memory from → to, MB | rounds |"
    print "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for (p = 1; p <= peers; p++) {
        g = name SUBSEP peer[p]
        if (!(g in seen)) continue
        if (!good[g]) {
            printf "| %s | no conclusion | | | | | | | | | | | 0 of %d |\n", title[peer[p]], runs[g]
            continue
        }
        playing = median(g, "playing")
        stalls = median(g, "stalls") + median(g, "base_stalls")
        printf "| %s | %s | %s | %s | %s | %s / %s / %s | %s / %s | %s of %s | %s | %s | %s | %s → %s | %d of %d%s |\n", title[peer[p]],
            number(median(g, "server_cpu_pct"), 1),
            number(ratio(g, name SUBSEP "floor-100ms", "server_cpu_pct"), 2),
            number(ratio(g, name SUBSEP "floor-frame", "server_cpu_pct"), 2),
            number(ratio(g, name SUBSEP (name ~ /^hls/ ? "nginx-static" : "nginx-rtmp"), "server_cpu_pct"), 2),
            ms(median(g, "latency_p50_ms")), ms(median(g, "latency_p99_ms")), ms(median(g, "latency_max_ms")),
            ms(median(g, "join_p50_ms")), ms(median(g, "join_p99_ms")),
            number(playing, 0), number(median(g, "players"), 0), number(median(g, "missing"), 0), number(stalls, 0),
            number(median(g, "server_rss_end_mb"), 0),
            number(median(g, "tcp_memory_start_mb"), 1), number(median(g, "tcp_memory_end_mb"), 1),
            good[g], runs[g], torn[g] ? ", " torn[g] " not whole" : ""
    }
    if (name ~ /^ways-/) {
        print "\nBeside RTMP, CPU of the same round:\n"
        for (p = 1; p <= peers; p++)
            if (good[name SUBSEP peer[p]] && peer[p] != "xiu")
                printf "- %s ÷ RTMP: %s\n", title[peer[p]],
                    number(ratio(name SUBSEP peer[p], name SUBSEP "xiu", "server_cpu_pct"), 2)
    }
    if (name == "rtmp-1") {
        print "\nThe processors are kept from halting meanwhile. In the calmest quarter of the seconds of the calmest round, where a nearly idle server shows what it takes itself and not what the machine's host does:\n"
        print "| server | CPU, % | ÷ nginx |\n|---|--:|--:|"
        for (p = 1; p <= peers; p++) {
            g = name SUBSEP peer[p]
            if (good[g])
                printf "| %s | %s | %s |\n", title[peer[p]], number(least(g, "server_cpu_calm_pct"), 2),
                    number(quotient(least(g, "server_cpu_calm_pct"), least(name SUBSEP "nginx-rtmp", "server_cpu_calm_pct")), 2)
        }
    }
    if (name == "join-storm") {
        print "\nThe 100 that played already, during the storm:\n"
        print "| server | latency p50 / p99, ms | longest gap, ms | stalls | missing |\n|---|--:|--:|--:|--:|"
        for (p = 1; p <= peers; p++) {
            g = name SUBSEP peer[p]
            if (good[g])
                printf "| %s | %s / %s | %s | %s | %s |\n", title[peer[p]], ms(median(g, "base_latency_p50_ms")),
                    ms(median(g, "base_latency_p99_ms")), ms(median(g, "base_max_gap_ms")),
                    number(median(g, "base_stalls"), 0), number(median(g, "base_missing"), 0)
        }
    }
}
# Xiu first, then the floor, then the others.
function rank(name) { return name ~ /^xiu/ ? 0 : name ~ /^floor/ ? 1 : 2 }
function sort_peers(    i, j, t) {
    for (i = 2; i <= peers; i++)
        for (j = i; j > 1 && rank(peer[j - 1]) > rank(peer[j]); j--) { t = peer[j]; peer[j] = peer[j - 1]; peer[j - 1] = t }
}
END {
    sort_peers()
    split("rtmp-1 rtmp-100 rtmp-1000 rtmp-4000 rtmp-10000 flv-1000 ws-1000 ways-1000 join-storm streams-200x1 streams-500x4 hls-500 stalled-20", first, " ")
    for (i = 1; i in first; i++)
        if (first[i] in order) { table(first[i]); told[first[i]] = 1 }
    for (i = 1; i <= scenarios; i++)
        if (!(scenario[i] in told)) table(scenario[i])
}
