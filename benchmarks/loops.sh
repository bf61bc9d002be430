#!/usr/bin/env bash
# How the players of one stream spread over event loops: CPU of each loop with one of them and with two.
#   benchmarks/loops.sh [--players 2000] [--seconds 20] [--rounds 3]
# The server may use every core here, so on a machine of two cores the load tool takes part of what is measured.
set -euo pipefail
. "$(dirname "$0")/servers.sh"
players=2000 seconds=20 rounds=3
while [ $# -gt 0 ]; do
    case $1 in
    --players) players=$2 ;;
    --seconds) seconds=$2 ;;
    --rounds) rounds=$2 ;;
    *) sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done

# Ticks of user and system time of each event loop, by name.
ticks() {
    local task
    for task in /proc/"$server_pid"/task/*; do
        case $(cat "$task/comm" 2>/dev/null) in
        xiu-loop*) echo "$(cat "$task/comm") $(sed 's/.*) //' "$task/stat" | awk '{print $12 + $13}')" ;;
        esac
    done
}

build_tools
DIR=
trap 'peer_stop; rm -rf "${DIR:-/nonexistent}"' EXIT
trap 'exit 130' INT TERM
all_cores=("${on_server_core[@]:0:2}" "0-$(($(nproc) - 1))")
[ ${#on_server_core[@]} -eq 0 ] || on_server_core=("${all_cores[@]}")
for ((round = 1; round <= rounds; round++)); do
    for loops in 1 2; do
        DIR=$(mktemp -d)
        XIU_CONFIG=$(printf '[transport]\nthreads = %d\n' "$loops")
        export XIU_CONFIG
        peer_read xiu
        peer_start
        load --label "$loops" --publish "$RTMP" --play "$RTMP" --pid "$server_pid" --players "$players" --warm-up 8 \
            --duration "$seconds" >"$DIR/table" 2>/dev/null &
        load_pid=$!
        # The middle of the measured seconds.
        for ((i = 0; i < 100; i++)); do
            [ "$(ss -Htn state established "sport = :$PORT" 2>/dev/null | wc -l)" -le "$players" ] || break
            sleep 0.2
        done
        sleep 8
        ticks >"$DIR/from"
        from=$(date +%s%N)
        sleep $((seconds - 4))
        ticks >"$DIR/to"
        to=$(date +%s%N)
        wait "$load_pid" || true
        echo "loops=$loops players=$players $(grep -E 'CPU, %' "$DIR/table" | head -1 | tr -s ' ')"
        grep -E 'latency p(50|99),' "$DIR/table"
        paste "$DIR/from" "$DIR/to" | awk -v ns=$((to - from)) -v hz="$(getconf CLK_TCK)" \
            '{ printf "  %s: %.1f %% of a core\n", $1, ($4 - $2) / hz / (ns / 1e9) * 100 }'
        peer_stop
        rm -rf "$DIR"
    done
done
