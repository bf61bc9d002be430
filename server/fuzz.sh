#!/usr/bin/env bash
# fuzz.sh CLASS METHOD [SECONDS]: looks for inputs that break one fuzz target, guided by coverage. For instance
#   server/fuzz.sh xiu.http.HttpFuzzTest requests 120
# What it learns is kept in server/target/fuzz; an input that breaks something is a file crash-… there: fix what it
# shows, and move the file to CLASSInputs/METHOD below server/src/test/resources, where every build replays it.
set -euo pipefail
class=${1:?a test class, such as xiu.http.HttpFuzzTest}
method=${2:?a @FuzzTest method of it}
seconds=${3:-60}
cd "$(dirname "$0")/.."
# fuzz-all.sh has built already.
[ -n "${FUZZ_BUILT:-}" ] || mvn -q -B -pl server test-compile dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/fuzz.classpath
server=$PWD/server
kept=$server/src/test/resources/${class//.//}Inputs/$method
found=$server/target/fuzz/$class/$method
mkdir -p "$found/corpus"
cd "$found"
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx700m -Dio.netty.leakDetection.level=disabled -Dxiu.fuzzing=true \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+EnableDynamicAgentLoading \
  -cp "$server/target/test-classes:$server/target/classes:$(cat "$server/target/fuzz.classpath")" \
  com.code_intelligence.jazzer.Jazzer --target_class="$class" --target_method="$method" \
  --instrumentation_includes='xiu.**' -max_total_time="$seconds" -max_len=4096 -timeout=20 \
  -print_final_stats=1 corpus "$kept"
