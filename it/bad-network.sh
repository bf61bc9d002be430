#!/usr/bin/env bash
# Players and a publisher behind a bad link of the kernel's own: network namespaces, a veth pair and tc. What BadNetworkIT
# does in user space. Needs root, iproute2, and ffmpeg on the PATH or in $FFMPEG; the server must be built (./xiu).
#   it/bad-network.sh
# Where the kernel has netem: 5 % loss, 200 ms of delay, 1 Mbit/s. Where it has not, it says so, and tbf with a short
# queue makes the bottleneck and, by dropping what does not fit, the losses.
set -euo pipefail

ROOT=$(cd "$(dirname "$0")/.." && pwd)
FFMPEG=${FFMPEG:-ffmpeg}
PORT=${PORT:-29350}
SECONDS_EACH=${SECONDS_EACH:-15}
ns=xiu-bad-$$ near=xb${$: -5}a far=xb${$: -5}b
DIR=$(mktemp -d)
pids=()

tidy() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    ip link del "$near" 2>/dev/null || true
    ip netns del "$ns" 2>/dev/null || true
    rm -rf "$DIR"
}
trap tidy EXIT
trap 'exit 130' INT TERM

command -v "$FFMPEG" >/dev/null || { echo "bad-network.sh: $FFMPEG: not found" >&2; exit 4; }
ip netns add "$ns" || { echo "bad-network.sh: no network namespaces here (expected: root)" >&2; exit 4; }
ip link add "$near" type veth peer name "$far" netns "$ns"
ip addr add 10.213.77.1/30 dev "$near"
ip link set "$near" up
ip -n "$ns" addr add 10.213.77.2/30 dev "$far"
ip -n "$ns" link set "$far" up
ip -n "$ns" link set lo up

# impair QDISC…: both directions of the link
impair() {
    tc qdisc replace dev "$near" root "$@" 2>"$DIR/tc" && tc -n "$ns" qdisc replace dev "$far" root "$@" 2>"$DIR/tc"
}

cat >"$DIR/config.toml" <<CONF
address = "10.213.77.1"
[rtmp]
port = $PORT
[httpflv]
port = $((PORT + 1))
[transport]
send_buffer = "32KiB"
[limits]
viewer_backlog_time = 1
viewer_skips = 0
CONF
"$ROOT/xiu" "$DIR/config.toml" >"$DIR/log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do
    grep -q 'listening protocol=httpflv' "$DIR/log" && break
    sleep 0.1
done

"$FFMPEG" -v error -f lavfi -i testsrc2=size=640x360:rate=25:duration=10,noise=alls=60:allf=t -c:v libx264 \
    -preset veryfast -g 25 -keyint_min 25 -sc_threshold 0 -pix_fmt yuv420p -b:v 2M -maxrate 2M -bufsize 1M "$DIR/clip.mp4"

# scene NAME: a player behind the link of a stream from here, and one here of a stream from behind the link
scene() {
    local name=$1 code=0 publishers=()
    local rtmp=rtmp://10.213.77.1:$PORT/live/$name http=http://10.213.77.1:$((PORT + 1))/live/$name
    "$FFMPEG" -v error -re -stream_loop -1 -i "$DIR/clip.mp4" -c copy -f flv "$rtmp" &
    publishers+=($!)
    ip netns exec "$ns" "$FFMPEG" -v error -re -stream_loop -1 -i "$DIR/clip.mp4" -c copy -f flv "$rtmp-up" &
    publishers+=($!)
    pids+=("${publishers[@]}")
    sleep 3
    ip netns exec "$ns" "$FFMPEG" -v error -i "$rtmp" -t "$SECONDS_EACH" -c copy -y "$DIR/bad.flv" &
    local bad=$!
    "$FFMPEG" -v error -i "$http-up.flv" -t "$SECONDS_EACH" -c copy -y "$DIR/good.flv" || true
    wait "$bad" || true
    kill -INT "${publishers[@]}" || true
    wait "${publishers[@]}" || true
    for side in good bad; do
        if ! "$FFMPEG" -v error -xerror -err_detect explode -i "$DIR/$side.flv" -f null - 2>"$DIR/errors" || [ -s "$DIR/errors" ]; then
            echo "FAILED $name, $side side:"
            cat "$DIR/errors"
            code=1
        fi
    done
    echo "$name: good side $(stat -c %s "$DIR/good.flv") bytes, bad side $(stat -c %s "$DIR/bad.flv") bytes," \
        "dropped by the link $(tc -s qdisc show dev "$near" | awk '/dropped/ {gsub(",", "", $7); print $7; exit}')"
    return "$code"
}

failed=0
if impair netem loss 5%; then
    scene loss || failed=1
    impair netem delay 200ms
    scene delay || failed=1
    impair netem rate 1mbit limit 40
    scene narrow || failed=1
else
    echo "no netem in this kernel ($(head -1 "$DIR/tc")): tbf instead"
    impair tbf rate 1mbit burst 8k limit 60k
    scene narrow || failed=1
    impair tbf rate 3mbit burst 4k limit 6k
    scene drops || failed=1
fi
grep -E 'event=(session_end|play_end)' "$DIR/log" | sed 's/^.*event=/event=/' || true
exit "$failed"
