# Xiu from this repository as it ships. XIU: another start script; XIU_CONFIG: further lines of configuration.
TITLE="Xiu"
START="${XIU:-$ROOT/xiu} $DIR/config.toml"
RTMP="rtmp://127.0.0.1:$PORT/live/s%d"
FLV="http://127.0.0.1:$HTTP_PORT/live/s%d.flv"
WS="ws://127.0.0.1:$HTTP_PORT/live/s%d.flv"
HLS="http://127.0.0.1:$HELPER_PORT/live/s%d/s%d.m3u8"

installed() {
    [ -x "${XIU:-$ROOT/xiu}" ]
}

prepare() {
    "${XIU:-$ROOT/xiu}" --version >/dev/null # builds on first use
    cat > "$DIR/config.toml" <<CONF
[rtmp]
port = $PORT
[httpflv]
port = $HTTP_PORT
[hls]
port = $HELPER_PORT
${XIU_CONFIG:-}
CONF
}
