#!/usr/bin/env bash
# An hour of everything that clients do to a server, well and badly; in the end it must hold what it held at first:
# objects, heap, direct memory, descriptors, threads. The rounds are those of it/src/test/java/xiu/it/SoakRound.java.
#   benchmarks/soak.sh [--minutes N]
# Needs what the integration tests need. Exits with Maven's code and prints the figures of before and after.
set -euo pipefail

minutes=60
case "${1-}" in
    '') ;;
    --minutes) minutes=${2:?minutes are missing} ;;
    *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
esac

cd "$(dirname "$0")/.."
figures=it/target/soak/figures.txt
rm -f "$figures"
code=0
mvn -q -B -pl it -am verify -Dit.test=SoakIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
    -Dxiu.soak.minutes="$minutes" || code=$?
[ ! -f "$figures" ] || cat "$figures"
exit "$code"
