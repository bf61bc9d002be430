# Xiu with RTMP alone, for scenarios of many streams beside servers that do not cut HLS segments of them either.
TITLE="Xiu, RTMP only"
START="${XIU:-$ROOT/xiu} $DIR/config.toml"
RTMP="rtmp://127.0.0.1:$PORT/live/s%d"

installed() {
    [ -x "${XIU:-$ROOT/xiu}" ]
}

prepare() {
    "${XIU:-$ROOT/xiu}" --version >/dev/null # builds on first use
    printf '[rtmp]\nport = %d\n' "$PORT" > "$DIR/config.toml"
}
