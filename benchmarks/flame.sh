#!/usr/bin/env bash
# A flame graph of Xiu at work: what its processor time goes to, down into the kernel, and which of its own methods show.
#   benchmarks/flame.sh [--players 1000]                            one stream over RTMP
#   benchmarks/flame.sh --scenarios "rtmp-1000 streams-200x1 hls-500"     by the names of compare.sh
# Writes flame-NAME.svg (docs/benchmarks) and prints tables. Options: --duration S  --warm-up S  --out DIR  --peer NAME
# Linux on x86-64 or ARM. async-profiler comes from Maven Central; PROFILER names another libasyncProfiler.so. Stacks of the
# kernel need root or kernel.perf_event_paranoid=1; without them its time is that of the calls into it.
set -euo pipefail
. "$(dirname "$0")/servers.sh"
scenarios=rtmp-1000 duration=60 warm_up=15 out=$ROOT/docs/benchmarks peer=xiu
while [ $# -gt 0 ]; do
    case $1 in
    --players) scenarios=rtmp-${2:-} ;;
    --scenarios) scenarios=${2:-} ;;
    --duration) duration=${2:-} ;;
    --warm-up) warm_up=${2:-} ;;
    --out) out=${2:-} ;;
    --peer) peer=${2:-} ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
# The load tool's first and last second are not looked at.
[ "$duration" -ge 4 ] || { echo "flame.sh: --duration $duration (expected: at least 4)" >&2; exit 2; }

title_of() {
    local work=$1
    case $work in
    rtmp-*) echo "${work#rtmp-} players of one stream, RTMP" ;;
    flv-*) echo "${work#flv-} players of one stream, HTTP-FLV" ;;
    ws-*) echo "${work#ws-} players of one stream, WebSocket-FLV" ;;
    streams-*) work=${work#streams-}; echo "${work%x*} streams, players of each: ${work#*x}, RTMP" ;;
    hls-*) echo "${work#hls-} pollers of one stream, HLS" ;;
    *) echo "$work" ;;
    esac
}

# Sets `profiler`: the library, unpacked once from the jar of the version in pom.xml.
profiler_find() {
    local version folder
    profiler=${PROFILER:-}
    [ -z "$profiler" ] || return 0
    version=$(sed -n 's:.*<async-profiler.version>\(.*\)</.*:\1:p' "$ROOT/pom.xml")
    folder=$BUILD/async-profiler-$version
    case $(uname -m) in
    aarch64) profiler=$folder/linux-arm64/libasyncProfiler.so ;;
    *) profiler=$folder/linux-x64/libasyncProfiler.so ;;
    esac
    [ -f "$profiler" ] || (cd "$ROOT" && mvn -q -B -N dependency:unpack -DoutputDirectory="$folder" \
        -Dartifact="tools.profiler:async-profiler:$version" >&2)
}

# Loads the profiler into the server, with its options as one word in quotes: jcmd would take key=value for its own.
profiler_says() {
    local jcmd
    jcmd=$(dirname "$(readlink "/proc/$server_pid/exe")")/jcmd
    [ -x "$jcmd" ] || { echo "flame.sh: no $jcmd (expected: a server that runs on a JDK)" >&2; return 1; }
    "$jcmd" "$server_pid" JVMTI.agent_load "$profiler" "\"$1\"" >"$DIR/jcmd" 2>&1 && grep -q 'return code: 0' "$DIR/jcmd"
}

# By the clock of each thread's time on a processor, which every machine has, also a virtual one that counts no cycles.
profiler_start() {
    local event
    for event in cpu-clock ctimer; do
        profiler_says "start,event=$event,interval=1ms,threads" || continue
        # Where the kernel does not let itself be looked at, the first leaves its time out; the second gives it to who calls.
        if [ "$event" = ctimer ] || ! grep -q 'Kernel symbols are unavailable' "$DIR/log"; then
            return 0
        fi
        profiler_says stop
    done
    return 1
}

profile() {
    local work=$1 code=0 name=${1#rtmp-} load_pid
    name=flame-${name#streams-}
    DIR=$(mktemp -d)
    peer_read "$peer"
    scenario_read "$work"
    [ -n "$url" ] || { echo "flame.sh: $TITLE does not serve $work" >&2; return 2; }
    peer_start
    : >"$DIR/progress"
    load --label "$TITLE" --publish "$PUBLISH" --play "$url" --pid "$server_pid" "${audience[@]}" --warm-up "$warm_up" \
        --duration "$duration" >"$DIR/table" 2>"$DIR/progress" &
    load_pid=$!
    until grep -q '^measuring' "$DIR/progress"; do
        kill -0 "$load_pid" 2>/dev/null || { cat "$DIR/progress" >&2; return 4; }
        sleep 0.1
    done
    profiler_start || { cat "$DIR/jcmd" >&2; tail -5 "$DIR/log" >&2; return 4; }
    sleep $((duration - 3))
    profiler_says "stop,file=$DIR/collapsed,collapsed,ann,dot,threads"
    wait "$load_pid" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || { cat "$DIR/table" >&2; return "$code"; }
    peer_stop
    mkdir -p "$out" "$BUILD/flame"
    awk -f "$here/stacks.awk" "$DIR/collapsed" | LC_ALL=C sort >"$BUILD/flame/$name.stacks"
    awk -v title="$TITLE: $(title_of "$work")" -f "$here/flame.awk" "$BUILD/flame/$name.stacks" >"$DIR/svg"
    echo "## $TITLE: $(title_of "$work")"
    echo
    grep -E 'server CPU, %|NO CON' "$DIR/table"
    echo
    awk -f "$here/shares.awk" "$BUILD/flame/$name.stacks"
    echo
    mv "$DIR/svg" "$out/$name.svg"
    chmod 644 "$out/$name.svg"
    rm -rf "$DIR"
    echo "wrote $out/$name.svg" >&2
}

build_tools
profiler_find
DIR=
trap 'peer_stop; rm -rf "${DIR:-/nonexistent}"' EXIT
trap 'exit 130' INT TERM
# So that what the compiler has inlined keeps its name.
export XIU_JAVA_OPTS="${XIU_JAVA_OPTS:-} -XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints"
for work in $scenarios; do
    profile "$work"
done
