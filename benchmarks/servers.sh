# Sourced by the scripts beside it: starts and stops one server described by peers/NAME.sh, and runs the load tool.
#
# A peer file sets
#   TITLE        what the report calls it
#   START        its command, run in the empty directory $DIR; it stays in the foreground
#   RTMP         where to publish and play, and what is served: FLV, WS, HLS; %d is the number of the stream
#   READY_PORT   accepts connections when the server is ready
#   prepare      optional function: writes configuration into $DIR
#   HELPER       optional command that runs beside it and is not accounted
#   PUBLISH      optional, where to publish instead of RTMP
#   WAY          optional, where to play in the scenarios that compare protocols, instead of RTMP
#   installed    optional function: false when this machine does not have the server
# and may use $DIR, $PORT, $HTTP_PORT, $ROOT (the repository) and $BUILD (what the benchmarks have built).

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$here")
BUILD=${XIU_BENCH_BUILD:-$here/target}
PORT=${PORT:-19350}
HTTP_PORT=${HTTP_PORT:-19351}
HELPER_PORT=${HELPER_PORT:-19352}
server_pid= helper_pid= awake_pid=

ulimit -n "$(ulimit -Hn)"

# With two cores or more the server and the load do not share one.
if [ "$(nproc)" -ge 2 ] && command -v taskset >/dev/null; then
    on_server_core=(taskset -c "${SERVER_CORES:-0}")
    on_load_core=(taskset -c "${LOAD_CORES:-1}")
else
    on_server_core=() on_load_core=()
fi

# BENCH_NICE=-20 (as root) favours server and load on a machine that does other work. Not real time: the kernel thread
# that delivers packets under load would starve.
favour=()
if [ -n "${BENCH_NICE:-}" ]; then
    favour=(setsid -w bash -c 'echo "$0" >/proc/self/autogroup; exec nice -n "$0" "$@"' "$BENCH_NICE")
fi

build_tools() {
    command -v make >/dev/null && command -v "${CC:-gcc}" >/dev/null || {
        echo "no make or ${CC:-gcc} (expected: gcc and make, e.g. apt-get install gcc make libc6-dev)" >&2
        return 4
    }
    make -s -C "$here/native" OUT="$BUILD/native" CC="${CC:-gcc}"
    MEDIA=${MEDIA:-$("$here/media.sh")}
}

peer_read() {
    TITLE=$1 START='' RTMP='' FLV='' WS='' HLS='' READY_PORT=$PORT HELPER='' PUBLISH='' WAY=''
    prepare() { :; }
    installed() { :; }
    # shellcheck source=/dev/null
    . "$here/peers/$1.sh"
    PUBLISH=${PUBLISH:-$RTMP} WAY=${WAY:-$RTMP}
}

# Sets what a scenario is played from and by whom: `url`, which stays empty when the peer does not serve it, and `audience`.
scenario_read() {
    local work=$1
    url=$RTMP
    case $work in
    rtmp-*) audience=(--players "${work#rtmp-}") ;;
    flv-*) url=$FLV audience=(--players "${work#flv-}") ;;
    ways-*) url=$WAY audience=(--players "${work#ways-}") ;;
    ws-*) url=$WS audience=(--players "${work#ws-}") ;;
    join-storm) audience=(--base 100 --players 1000 --join-rate 1000) ;;
    streams-*)
        work=${work#streams-} audience=(--streams "${work%x*}" --players "${work#*x}")
        # More than one core can read message by message; one player of every other stream tells the latency.
        [ $((${work%x*} * ${work#*x})) -lt 1000 ] || audience+=(--follow $((${work%x*} / 2)))
        ;;
    hls-*) url=$HLS audience=(--players "${work#hls-}") ;;
    stalled-*) audience=(--players 100 --stalled "${work#stalled-}") ;;
    *) echo "$(basename "$0"): unknown scenario $work" >&2; exit 2 ;;
    esac
}

port_open() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Keeps the processors from halting until peer_stop: where one player is all there is, a virtual machine's host decides what
# each wake-up costs. BENCH_AWAKE=0 leaves them as they are.
keep_awake() {
    [ "${BENCH_AWAKE:-1}" = 1 ] || return 0
    "$BUILD/native/xiu-awake" &
    awake_pid=$!
}

# Starts what peer_read described; its output goes to $DIR/log. False when it does not listen within a minute.
peer_start() {
    prepare
    if port_open "$READY_PORT"; then
        echo "port $READY_PORT is in use" >&2
        return 1
    fi
    if [ -n "$HELPER" ]; then
        # shellcheck disable=SC2086
        (cd "$DIR" && exec setsid $HELPER) >>"$DIR/log" 2>&1 &
        helper_pid=$!
    fi
    # shellcheck disable=SC2086
    (cd "$DIR" && exec setsid "${favour[@]:2}" "${on_server_core[@]}" $START) >>"$DIR/log" 2>&1 &
    server_pid=$!
    local i
    for ((i = 0; i < 600; i++)); do
        port_open "$READY_PORT" && return 0
        kill -0 "$server_pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "$TITLE does not listen on port $READY_PORT; the end of its output:" >&2
    tail -5 "$DIR/log" >&2
    return 1
}

# Ends one process group that peer_start made.
group_stop() {
    [ -n "$1" ] || return 0
    kill -TERM -- "-$1" 2>/dev/null || kill -TERM "$1" 2>/dev/null || true
    local i
    for ((i = 0; i < 80; i++)); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "-$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

peer_stop() {
    group_stop "$server_pid"
    group_stop "$helper_pid"
    [ -z "$awake_pid" ] || { kill "$awake_pid"; wait "$awake_pid"; } 2>/dev/null || true
    server_pid='' helper_pid='' awake_pid=''
}

# Runs the load tool against the server that runs now.
load() {
    "${favour[@]}" "${on_load_core[@]}" "$BUILD/native/xiu-load" --media "$MEDIA" "$@"
}
