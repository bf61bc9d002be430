# Stacks of stacks.awk to two tables: the share of each part, and Xiu's methods above `least` % (1 unless told). Those are
# ordered by what stops with them: their own instructions and the library code they call, up to the next method of Xiu
# or the kernel.
BEGIN {
    if (least == "") least = 1
    split("k j n d o x", parts, " ")
    label["k"] = "kernel"; label["j"] = "JVM and C library"; label["n"] = "Netty"
    label["d"] = "JDK classes"; label["o"] = "other libraries"; label["x"] = "Xiu"
}
{
    count = $NF
    sub(/ [0-9]+$/, "")
    frames = split($0, frame, ";")
    total += count
    kind = substr(frame[frames], 1, 1); leaf = substr(frame[frames], 3)
    if (kind == "t") kind = "j"
    share[kind] += count
    detail = ""
    if (kind == "k") detail = entry()
    else if (kind == "j" && frame[1] ~ /Compiler|C1|C2/) detail = "compiling"
    else if (kind == "j" && frame[1] ~ /GC|VM Thread/) detail = "collections and other work at safepoints"
    else if (kind == "x") detail = "`" package(leaf) "`"
    if (detail != "") within[kind SUBSEP detail] += count
    split("", seen)
    nearest = ""
    for (i = 1; i <= frames; i++)
        if (frame[i] ~ /^x:/) {
            nearest = substr(frame[i], 3)
            if (!(nearest in seen)) { seen[nearest] = 1; all[nearest] += count; work[nearest] += 0 }
        }
    if (nearest != "" && kind != "k") work[nearest] += count
    if (kind == "x") self[leaf] += count
}
# What the kernel was called for: the name of the system call, whose own function the compiler may have made a jump.
function entry(    i, s) {
    for (i = 1; frame[i] !~ /^k:/; i++) { }
    if (frame[i] ~ /page_fault/) return "page faults"
    if (frame[i] ~ /sysvec/) return "interrupts"
    for (; i <= frames; i++)
        if (frame[i] ~ /^k:__(x64|arm64)_sys_/ || frame[i - 1] == "k:do_syscall_64" && frame[i] ~ /^k:(ksys|do)_/) {
            s = frame[i]
            sub(/^k:(__x64_sys|__arm64_sys|ksys|do)_/, "", s)
            return "`" s "`"
        }
    return "the way in and out"
}
function package(method,    n, word, i, s) {
    n = split(method, word, ".")
    s = word[1]
    for (i = 2; i < n && word[i] ~ /^[a-z]/; i++) s = s "." word[i]
    return s
}
function percent(samples) { return samples * 100 / total }
# Without the package, which the class says to who knows the code.
function short(method,    n, word) { n = split(method, word, "."); return word[n - 1] "." word[n] }
function sorted(of, names,    n, name, i, t) {
    n = 0
    for (name in of) names[++n] = name
    for (t = 2; t <= n; t++)
        for (i = t; i > 1 && before(names[i], names[i - 1], of); i--) { name = names[i]; names[i] = names[i - 1]; names[i - 1] = name }
    return n
}
function before(a, b, of) {
    if (of[a] != of[b]) return of[a] > of[b]
    return all[a] != all[b] ? all[a] > all[b] : a < b
}
END {
    if (!total) { print "shares.awk: no stacks" > "/dev/stderr"; exit 1 }
    printf "%d samples.\n\n", total
    print "| part | share, % |\n|---|--:|"
    n = sorted(within, details)
    for (p = 1; p in parts; p++) {
        if (!share[parts[p]]) continue
        printf "| %s | %.1f |\n", label[parts[p]], percent(share[parts[p]])
        for (i = 1; i <= n; i++) {
            split(details[i], word, SUBSEP)
            if (word[1] == parts[p] && percent(within[details[i]]) >= 0.3)
                printf "| – %s: %s | %.1f |\n", label[parts[p]], word[2], percent(within[details[i]])
        }
    }
    print "\n| method | itself, % | with the libraries it calls, % | with all it calls, % |\n|---|--:|--:|--:|"
    n = sorted(work, methods)
    for (i = 1; i <= n; i++)
        if (percent(all[methods[i]]) >= least)
            printf "| `%s` | %.1f | %.1f | %.1f |\n", short(methods[i]), percent(self[methods[i]]), percent(work[methods[i]]), percent(all[methods[i]])
    if (!share["k"])
        print "\nNo stacks of the kernel: they are not permitted here (kernel.perf_event_paranoid). Its time is that of the calls into it."
}
