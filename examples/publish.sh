#!/bin/sh
# Publishes a file in a loop, in real time, without transcoding.
#
#   publish.sh FILE [URL]
set -eu
[ $# -ge 1 ] || { echo "usage: publish.sh FILE [rtmp://host:port/app/stream]" >&2; exit 2; }
exec ffmpeg -hide_banner -re -stream_loop -1 -i "$1" -c:a copy -c:v copy \
    -f flv -flvflags no_duration_filesize "${2:-rtmp://127.0.0.1:1935/live/test}"
