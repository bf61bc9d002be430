# Xiu, played by HTTP-FLV in the scenarios that compare its protocols with each other.
. "$here/peers/xiu.sh"
TITLE="Xiu, HTTP-FLV" WAY=$FLV
