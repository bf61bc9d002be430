#!/usr/bin/env bash
# Under a minute: does every player of a server play, and is every frame there? Asserts correctness, never speed.
#   benchmarks/smoke.sh                      Xiu from this repository
#   benchmarks/smoke.sh PEER                 a server of benchmarks/peers/
#   benchmarks/smoke.sh COMMAND [ARGUMENT…]  any server; its URLs in RTMP, FLV, WS, HLS (defaults: Xiu's ports)
set -euo pipefail
. "$(dirname "$0")/servers.sh"

DIR=$(mktemp -d)
trap 'peer_stop; rm -rf "$DIR"' EXIT
trap 'exit 130' INT TERM

if [ $# -eq 0 ]; then
    set -- xiu
fi
if [ -f "$here/peers/$1.sh" ]; then
    peer_read "$1"
else
    prepare() { :; }
    TITLE=$1 HELPER='' READY_PORT=${READY_PORT:-1935}
    RTMP=${RTMP-rtmp://127.0.0.1:1935/live/s%d}
    FLV=${FLV-http://127.0.0.1:8081/live/s%d.flv}
    WS=${WS-ws://127.0.0.1:8081/live/s%d.flv}
    HLS=${HLS-http://127.0.0.1:8080/live/s%d/s%d.m3u8}
    PUBLISH=$RTMP
    command=$(command -v "$1") || { echo "smoke.sh: $1: not found" >&2; exit 2; }
    shift
    START="$(realpath "$command") $(for argument in "$@"; do [ -e "$argument" ] && realpath "$argument" || echo "$argument"; done)"
fi

build_tools
peer_start
patient=(--assert --max-cpu 100 --max-late-ms 10000 --stall-ms 5000 --quiet --pid "$server_pid")
failed=0

# play NAME STREAM URL OPTION…: the stream has a number of its own, so that runs do not share one
play() {
    local name=$1 number=$2 url=$3 code=0
    shift 3
    [ -n "$url" ] || return 0
    load "${patient[@]}" --label "$name" --publish "${PUBLISH//%d/$number%d}" --play "${url//%d/$number%d}" "$@" \
        >"$DIR/$name.txt" || code=$?
    if [ "$code" -eq 0 ]; then
        awk -v name="$name" '/players that play|messages checked|frames received/ {s = s "  " $0} END {gsub(/ +/, " ", s); print "ok  " name ":" s}' "$DIR/$name.txt"
    else
        echo "FAILED $name (exit $code)"
        cat "$DIR/$name.txt"
    fi
    return "$code"
}

play hls 1 "$HLS" --players 20 --sample 20 --settle 7 --warm-up 3 --duration 6 &
hls=$!
play rtmp 2 "$RTMP" --players 50 --settle 1 --warm-up 1 --duration 4 || failed=1
play http-flv 3 "$FLV" --players 50 --settle 1 --warm-up 1 --duration 4 || failed=1
play ws-flv 4 "$WS" --players 50 --settle 1 --warm-up 1 --duration 4 || failed=1
play streams 5 "$RTMP" --streams 20 --players 2 --sample 40 --settle 1 --warm-up 1 --duration 4 || failed=1
play stalled 6 "$RTMP" --players 20 --stalled 5 --settle 1 --warm-up 1 --duration 4 || failed=1
wait "$hls" || failed=1

if [ "$failed" -ne 0 ]; then
    echo "smoke.sh: $TITLE failed; the end of its output:" >&2
    tail -20 "$DIR/log" >&2
fi
exit "$failed"
