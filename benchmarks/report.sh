#!/usr/bin/env bash
# report.sh RESULTS OUT: writes OUT/benchmarks.md and OUT/benchmarks/*.svg from RESULTS/SCENARIO/PEER/ROUND.json.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
results=$1 out=$2
plots=$out/benchmarks
mkdir -p "$plots"
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT

# scenario, peer, title, round, verdict, then key=value of every number: one line a run
for file in "$results"/*/*/*.json; do
    [ -e "$file" ] || { echo "report.sh: no results in $results" >&2; exit 1; }
    path=${file#"$results"/}
    awk -v scenario="${path%%/*}" -v peer="$(basename "$(dirname "$file")")" -v round="$(basename "$file" .json)" '
        match($0, /^  "[a-z0-9_]+": /) {
            key = substr($0, 4, RLENGTH - 6); value = substr($0, RLENGTH + 1); sub(/,$/, "", value)
            if (value ~ /^"/) { text[key] = substr(value, 2, length(value) - 2); gsub(/\\"/, "\"", text[key]) }
            else if (value ~ /^[0-9.-]+$/) numbers = numbers "\t" key "=" value
        }
        END { print scenario "\t" peer "\t" text["label"] "\t" round "\t" text["verdict"] numbers }' "$file"
done > "$rows"

has() {
    cut -f1 "$rows" | grep -q "^$1"
}

{
    echo "# Benchmarks"
    echo
    echo "Written by \`benchmarks/compare.sh\` on $(date -u +%Y-%m-%d). How the numbers come about and what they mean:"
    echo "[benchmarks/README.md](../benchmarks/README.md). What Xiu's processor time goes to: [profile](profile.md)."
    echo
    echo "Machine: $(nproc) cores of $(awk -F': *' '/^model name/ {print $2; exit}' /proc/cpuinfo), Linux $(uname -r | sed "s/-.*//"), loopback,"
    echo "congestion control $(cat /proc/sys/net/ipv4/tcp_congestion_control 2>/dev/null || echo unknown); the server on one core, the load on another."
    echo "One stream is 720p30 H.264 and AAC, 1.05 Mbit/s, 77 messages a second."
    echo "Medians over the rounds in which the load tool was not the bottleneck; the servers took turns in every round."
    echo "\"÷\" is the median of the ratios of the same round."
    awk -f "$here/medians.awk" -f "$here/report.awk" "$rows"
    if has rtmp-; then
        echo
        echo "![CPU by players](benchmarks/cpu.svg)"
        echo
        echo "![Latency by players](benchmarks/latency.svg)"
    fi
} > "$out/benchmarks.md"

series() { # FIELD: title, players and the median of the field, for one stream over RTMP
    awk -v only="$1" -f "$here/medians.awk" -f <(echo '
        END { for (group in seen) { split(group, part, SUBSEP)
              if (part[1] ~ /^rtmp-/ && (v = median(group, only)) != "")
                  print title[part[2]] "\t" substr(part[1], 6) "\t" v } }') "$rows" | sort -t "$(printf '\t')" -k1,1 -k2,2n
}

if has rtmp-; then
    series server_cpu_pct | awk -v title="CPU by players (RTMP, one stream)" -v unit="% of a core" -f "$here/plot.awk" > "$plots/cpu.svg"
    series latency_p99_ms | awk -v title="Latency p99 by players (RTMP, one stream)" -v unit="ms" -f "$here/plot.awk" > "$plots/latency.svg"
fi
