# The floor program, one write per player every 350 ms.
TITLE="floor, every 350 ms"
START="$BUILD/native/xiu-floor --port $PORT --http --log-kb 512 --window 350"
RTMP="rtmp://127.0.0.1:$PORT/live/s%d"
FLV="http://127.0.0.1:$PORT/live/s%d.flv"
WS="ws://127.0.0.1:$PORT/live/s%d.flv"
