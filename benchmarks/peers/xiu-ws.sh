# Xiu, played by WebSocket-FLV in the scenarios that compare its protocols with each other.
. "$here/peers/xiu.sh"
TITLE="Xiu, WebSocket-FLV" WAY=$WS
