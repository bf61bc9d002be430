#!/usr/bin/env bash
# fuzz-all.sh [SECONDS] [PART]: lets the fuzzer look at every target (or those whose name holds PART) for so many seconds
# each, and prints what came of it. Ends with 1 when an input broke something, which is then below server/target/fuzz.
set -euo pipefail
seconds=${1:-60}
part=${2:-}
cd "$(dirname "$0")/.."
mvn -q -B -pl server test-compile dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/fuzz.classpath

# CLASS METHOD, one target a line.
targets() {
  grep -rl --include='*.java' '@FuzzTest' server/src/test/java | sort | while read -r file; do
    class=${file#server/src/test/java/}
    class=${class%.java}
    grep -A1 '@FuzzTest' "$file" | sed -n "s|.* void \\([A-Za-z]*\\)(.*|${class//\//.} \\1|p"
  done
}

last() {
  sed -n "s/$1/\\1/p" "$2" | tail -1
}

status=0
printf '%-70s %12s %9s %7s %6s\n' target inputs coverage corpus broken
while read -r class method; do
  found=server/target/fuzz/$class/$method
  mkdir -p "$found"
  FUZZ_BUILT=1 server/fuzz.sh "$class" "$method" "$seconds" > "$found/log" 2>&1 < /dev/null || true
  inputs=$(last 'stat::number_of_executed_units: *\([0-9]*\)' "$found/log")
  coverage=$(last '.* cov: \([0-9]*\) .*' "$found/log")
  kept=$(find "$found/corpus" -type f | wc -l)
  broken=$(find "$found" -maxdepth 1 -name 'crash-*' -o -maxdepth 1 -name 'timeout-*' -o -maxdepth 1 -name 'slow-unit-*' | wc -l)
  # A target that did not run has found nothing either.
  [ "$broken" = 0 ] && [ "${inputs:-0}" != 0 ] || status=1
  printf '%-70s %12s %9s %7s %6s\n' "$class $method" "${inputs:--}" "${coverage:--}" "$kept" "$broken"
done < <(targets | grep -F -- "$part")
exit $status
