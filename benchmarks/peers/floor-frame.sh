# The floor program, one write per player and video frame.
TITLE="floor, every frame"
START="$BUILD/native/xiu-floor --port $PORT --http --log-kb 512 --window frame"
RTMP="rtmp://127.0.0.1:$PORT/live/s%d"
FLV="http://127.0.0.1:$PORT/live/s%d.flv"
WS="ws://127.0.0.1:$PORT/live/s%d.flv"
