#!/usr/bin/env bash
# Measures servers against each other on the same work, alternately, and writes docs/benchmarks.md with plots.
#   benchmarks/compare.sh                        everything: five rounds, about four hours
#   benchmarks/compare.sh --quick                one short round of the small scenarios, about six minutes
#   benchmarks/compare.sh --scenarios "rtmp-1000 ws-1000" --peers "xiu floor-100ms" --rounds 3
# Options: --rounds N  --duration S  --warm-up S  --out DIR (docs)  --results DIR (keep single results)  --report-only
set -euo pipefail
. "$(dirname "$0")/servers.sh"

all="rtmp-1 rtmp-100 rtmp-1000 rtmp-4000 rtmp-10000 flv-1000 ws-1000 ways-1000 join-storm streams-200x1 streams-500x4 hls-500 stalled-20"
scenarios=$all
peers=
rounds=5 duration=10 warm_up=8 settled=60 out=$ROOT/docs results=$BUILD/compare report_only=

usage() {
    sed -n '2,6s/^# \{0,1\}//p' "$0"
    echo "scenarios: $all"
    echo "peers: $(cd "$here/peers" && ls | sed 's/\.sh$//' | tr '\n' ' ')"
}

while [ $# -gt 0 ]; do
    case $1 in
    --quick) rounds=1 duration=5 warm_up=3 settled=0 scenarios="rtmp-1 rtmp-100 rtmp-1000 flv-1000 ws-1000 join-storm hls-500" ;;
    --scenarios) scenarios=$2; shift ;;
    --peers) peers=$2; shift ;;
    --rounds) rounds=$2; shift ;;
    --duration) duration=$2; shift ;;
    --warm-up) warm_up=$2; shift ;;
    --out) out=$2; shift ;;
    --results) results=$2; shift ;;
    --report-only) report_only=1 ;;
    --help) usage; exit 0 ;;
    *) echo "compare.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
    esac
    shift
done

# The peers that tell something about a scenario, unless --peers names others.
peers_of() {
    case $1 in
    rtmp-1 | rtmp-10) echo "xiu floor-frame nginx-rtmp" ;;
    rtmp-100) echo "xiu floor-frame floor-100ms nginx-rtmp" ;;
    rtmp-1000) echo "xiu floor-100ms xiu-low floor-frame nginx-rtmp" ;;
    rtmp-4000) echo "xiu floor-100ms nginx-rtmp" ;;
    rtmp-*) echo "xiu floor-350ms" ;;
    flv-* | ws-*) echo "xiu floor-100ms" ;;
    ways-*) echo "xiu xiu-flv xiu-ws" ;;
    join-storm) echo "xiu nginx-rtmp" ;;
    streams-*) echo "xiu xiu-rtmp floor-frame nginx-rtmp" ;;
    hls-*) echo "xiu nginx-static" ;;
    *) echo "xiu" ;;
    esac
}

# Those of the named peers that this machine has.
present_of() {
    local peer DIR=/nonexistent
    for peer; do
        [ -f "$here/peers/$peer.sh" ] || { echo "compare.sh: no peers/$peer.sh" >&2; return 2; }
        peer_read "$peer"
        if installed; then
            echo "$peer"
        else
            echo "compare.sh: $TITLE is not on this machine, left out" >&2
        fi
    done
}

# One run; a result that could not be had leaves no file.
run_once() {
    local work=$1 peer=$2 round=$3 code=0 seconds=$duration before=$warm_up file
    file=$results/$work/$peer/$round.json
    peer_read "$peer"
    scenario_read "$work"
    [ -n "$url" ] || return 0
    case $work in
    hls-* | stalled-*) seconds=$((duration * 2)) ;;
    esac
    DIR=$(mktemp -d)
    chmod 755 "$DIR"
    peer_read "$peer" # again: its commands hold $DIR
    mkdir -p "$(dirname "$file")"
    echo "== $work, round $round of $rounds: $TITLE" >&2
    case $work in
    rtmp-1 | rtmp-10 | hls-500)
        keep_awake
        # A JVM compiles what happens every few seconds for most of a minute, which is a tenth of all these servers do.
        [ "$before" -ge "$settled" ] || before=$settled
        ;;
    esac
    if peer_start; then
        load --label "$TITLE" --publish "$PUBLISH" --play "$url" --pid "$server_pid" --json "$file" "${audience[@]}" \
            --warm-up "$before" --duration "$seconds" >"$DIR/table" || code=$?
        case $code in
        0 | 3) grep -E 'CPU, %|latency p(50|99),|players that play|NO CON|NOT WHOLE' "$DIR/table" >&2 ;;
        *) echo "   could not run (exit $code)" >&2; rm -f "$file" ;;
        esac
    fi
    peer_stop
    rm -rf "$DIR"
}

DIR=
trap 'peer_stop; [ -z "$DIR" ] || rm -rf "$DIR"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$results"

if [ -z "$report_only" ]; then
    build_tools
    for work in $scenarios; do
        rm -rf "${results:?}/$work"
        present=$(present_of ${peers:-$(peers_of "$work")})
        for ((round = 1; round <= rounds; round++)); do
            for peer in $present; do
                run_once "$work" "$peer" "$round"
            done
        done
    done
fi
"$here/report.sh" "$results" "$out"
echo "wrote $out/benchmarks.md" >&2
