#!/usr/bin/env bash
# Runs the JMH benchmarks: builds them, then prints ns and bytes allocated per operation.
#   benchmarks/jmh.sh                       all of them, about two minutes
#   benchmarks/jmh.sh PATTERN [OPTION…]     those whose name matches; JMH's own options (-h lists them)
#
#   XIU_JVM_PROFILE   the options of the JVM that are shipped: small (default) or large
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -q -B -pl server,benchmarks package -DskipTests
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "benchmarks/target/classes:benchmarks/target/lib/*" org.openjdk.jmh.Main \
    -jvmArgs "@server/src/main/jvm/${XIU_JVM_PROFILE:-small}.options --sun-misc-unsafe-memory-access=allow -Xms512m -Xmx512m" \
    -f 1 -wi 3 -w 1 -i 5 -r 1 -bm avgt -tu ns -prof gc "$@"
