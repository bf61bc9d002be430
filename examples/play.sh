#!/bin/sh
# Plays a stream with ffplay.
#
#   play.sh [rtmp|flv|hls] [HOST] [APP/STREAM]
set -eu
host=${2:-localhost}
path=${3:-live/test}
case ${1:-rtmp} in
    rtmp) url=rtmp://$host:1935/$path ;;
    flv) url=http://$host:8081/$path.flv ;;
    hls) url=http://$host:8080/$path/${path##*/}.m3u8 ;;
    *) echo "usage: play.sh [rtmp|flv|hls] [host] [app/stream]" >&2; exit 2 ;;
esac
exec ffplay -hide_banner -i "$url"
