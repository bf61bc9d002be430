# Xiu with frame-aligned writes for every stream, to hold against the floor that writes every frame.
. "$here/peers/xiu.sh"
TITLE='Xiu, latency = "low"'
FLV='' WS='' HLS=''

prepare() {
    "${XIU:-$ROOT/xiu}" --version >/dev/null # builds on first use
    printf '[rtmp]\nport = %d\n[stream]\nlatency = "low"\n%s\n' "$PORT" "${XIU_CONFIG:-}" > "$DIR/config.toml"
}
