# Reads report.sh's rows. values[scenario, peer, key, i]: the numbers of the rounds that allow a conclusion.
BEGIN { FS = "\t" }
{
    group = $1 SUBSEP $2
    title[$2] = $3
    runs[group]++
    seen[group] = 1
    if (!($1 in order)) { order[$1] = ++scenarios; scenario[scenarios] = $1 }
    if (!($2 in place)) { place[$2] = ++peers; peer[peers] = $2 }
    if ($5 == "no conclusion") next
    good[group]++
    if ($5 == "not whole") torn[group]++
    for (i = 6; i <= NF; i++) {
        split($i, pair, "=")
        values[group, pair[1], good[group]] = pair[2]
        by_round[group, pair[1], $4] = pair[2]
    }
    if ($4 > rounds) rounds = $4
}
function middle(list, n,    i, j, t) {
    if (n == 0) return ""
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && list[j - 1] + 0 > list[j] + 0; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
function median(group, key,    i, n, list) {
    for (i = 1; i <= good[group]; i++)
        if ((group, key, i) in values) list[++n] = values[group, key, i]
    return middle(list, n)
}
# What a disturbance can only add to.
function least(group, key,    i, v) {
    for (i = 1; i <= good[group]; i++)
        if ((group, key, i) in values && (v == "" || values[group, key, i] + 0 < v + 0)) v = values[group, key, i]
    return v
}
function quotient(a, b) { return a == "" || b + 0 == 0 ? "" : a / b }
# Median over the rounds of key at `group` divided by key at `other`.
function ratio(group, other, key,    r, n, list) {
    for (r = 1; r <= rounds; r++)
        if ((group, key, r) in by_round && (other, key, r) in by_round && by_round[other, key, r] > 0)
            list[++n] = by_round[group, key, r] / by_round[other, key, r]
    return middle(list, n)
}
