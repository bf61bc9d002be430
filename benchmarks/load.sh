#!/usr/bin/env bash
# Builds the load tool when needed, makes the media when needed, and runs it:
#   benchmarks/load.sh --publish rtmp://127.0.0.1:1935/live/bench --players 100
# With --media FILE.flv that file is published instead. All options: benchmarks/load.sh --help
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=${XIU_BENCH_BUILD:-$here/target}
for tool in make "${CC:-gcc}"; do
    command -v "$tool" >/dev/null || { echo "load.sh: no $tool (expected: gcc and make, e.g. apt-get install gcc make libc6-dev)" >&2; exit 4; }
done
make -s -C "$here/native" OUT="$build/native" CC="${CC:-gcc}" >&2
ulimit -n "$(ulimit -Hn)"
media=()
if [[ " $* " != *" --media"[\ =]* && " $* " != *" --help "* ]]; then
    media=(--media "$("$here/media.sh")")
fi
exec "$build/native/xiu-load" "${media[@]}" "$@"
