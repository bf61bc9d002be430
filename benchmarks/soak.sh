#!/usr/bin/env bash
# An hour of everything that clients do to two servers, well and badly: one that pushes and writes HLS to its disk, and
# one that pulls from it and records. Every five minutes everybody leaves; then nothing may be left, and what the
# processes hold must be what they held when they were warm: heap, direct and resident memory, descriptors, threads.
#   benchmarks/soak.sh [--minutes N]
# The rounds are those of it/src/test/java/xiu/it/SoakRound.java. Needs what the integration tests need. Exits with
# Maven's code and prints the table, which grows in it/target/soak/figures.txt while it runs.
set -euo pipefail

minutes=60
case "${1-}" in
    '') ;;
    --minutes) minutes=${2:?minutes are missing} ;;
    *) sed -n '2,7s/^# //p' "$0" >&2; exit 2 ;;
esac

cd "$(dirname "$0")/.."
figures=it/target/soak/figures.txt
rm -f "$figures"
printf '%s minutes at %s, %s, %s cores, %s MiB of memory\n' "$minutes" "$(git rev-parse --short HEAD)" \
    "$(date -u +%Y-%m-%dT%H:%MZ)" "$(nproc)" "$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))"
code=0
mvn -q -B -Plong -pl it -am verify -Dit.test=SoakIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
    -Dxiu.soak.minutes="$minutes" -Djunit.jupiter.execution.timeout.mode=disabled || code=$?
[ ! -f "$figures" ] || cat "$figures"
exit "$code"
