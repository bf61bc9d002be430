#!/bin/sh
# Fetches the players and the browser driver of the browser tests into target/browser, unless that has been done for
# this lock file. Run by the build before the integration tests.
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
browser=$here/target/browser
if cmp -s "$here/src/test/browser/package-lock.json" "$browser/fetched"; then
    exit 0
fi
mkdir -p "$browser"
cp "$here/src/test/browser/package.json" "$here/src/test/browser/package-lock.json" "$browser/"
echo "it: fetching the browser players (npm ci)"
cd "$browser"
npm ci --ignore-scripts --no-audit --no-fund --no-progress --loglevel=error
cp package-lock.json fetched
