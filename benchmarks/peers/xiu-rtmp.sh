# Xiu with RTMP alone, for scenarios of many streams beside servers that do not cut HLS segments of them either.
. "$here/peers/xiu.sh"
TITLE="Xiu, RTMP only"
FLV='' WS='' HLS=''

prepare() {
    "${XIU:-$ROOT/xiu}" --version >/dev/null # builds on first use
    printf '[rtmp]\nport = %d\n%s\n' "$PORT" "${XIU_CONFIG:-}" > "$DIR/config.toml"
}
