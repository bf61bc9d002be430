#!/usr/bin/env bash
# Pauses of the JVM and allocation while Xiu as it ships serves one stream: RTMP players, minutes.
#   benchmarks/pauses.sh [--players 2000] [--minutes 5] [--warm-up 20]
set -euo pipefail
. "$(dirname "$0")/servers.sh"
players=2000 minutes=5 warm_up=20
while [ $# -gt 0 ]; do
    case $1 in
    --players) players=$2 ;;
    --minutes) minutes=$2 ;;
    --warm-up) warm_up=$2 ;;
    *) sed -n '2,3s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done

build_tools
DIR=$(mktemp -d)
trap 'peer_stop; rm -rf "$DIR"' EXIT
trap 'exit 130' INT TERM
export XIU_JAVA_OPTS="${XIU_JAVA_OPTS:-} -Xlog:gc:file=$DIR/gc.log:uptime -Xlog:safepoint:file=$DIR/safepoint.log:uptime"
peer_read xiu
peer_start
# The launcher has become the JVM, so its age is the uptime that the JVM's logs count from.
age() { ps -o etimes= -p "$server_pid" | tr -d ' '; }
code=0
load --label "$TITLE" --publish "$RTMP" --play "$RTMP" --pid "$server_pid" --players "$players" --warm-up "$warm_up" \
    --duration "$((minutes * 60))" >"$DIR/table" 2>/dev/null || code=$?
to=$(age) from=$((to - minutes * 60))
grep -E 'CPU, %|latency p|players that play|missing|RSS|NO CON|NOT WHOLE' "$DIR/table"
awk -v from="$from" -v to="$to" -v players="$players" '
    { time = substr($1, 2) + 0; if (time < from || time > to) { in_window = 0 } else in_window = 1 }
    FILENAME ~ /gc.log$/ && match($0, /[0-9]+M->[0-9]+M\([0-9]+M\) [0-9.]+ms/) {
        split(substr($0, RSTART, RLENGTH), part, /M->|M\(|M\) |ms/)
        if (in_window) {
            collections++
            if ($0 ~ /Pause Full/) full++
            if (part[4] > longest) longest = part[4]
            if (seen) { allocated += part[1] - after; if (!first) first = before_time; last = time }
        }
        after = part[2]; before_time = time; seen = 1
    }
    FILENAME ~ /safepoint.log$/ && in_window && match($0, /Total: *[0-9]+ ns/) {
        split(substr($0, RSTART, RLENGTH), word, " ")
        safepoints++; ms = word[2] / 1e6; stopped += ms
        if (ms > worst) worst = ms
    }
    END {
        printf "collections %d, of which full %d; longest %.1f ms\n", collections, full, longest
        printf "safepoints %d; longest %.1f ms; stopped %.1f ms in all\n", safepoints, worst, stopped
        if (last > first) printf "allocated %.1f KB/s, %.0f bytes per player and second\n",
            allocated * 1024 / (last - first), allocated * 1048576 / (last - first) / players
    }' "$DIR/gc.log" "$DIR/safepoint.log"
exit "$code"
