#!/bin/bash
# Publishes with the real OBS to a running Xiu and plays it by RTMP, HTTP-FLV and HLS; kills OBS, starts it again, and
# then asks it to end (SIGINT), while one viewer watches. Prints one line for each step; exit code 0: all went well.
# By hand and not part of the build, because OBS does not always say goodbye: see docs/protocols/rtmp.md.
#
#   it/obs.sh [KEY]      for instance it/obs.sh 'test?token=abc'
#   RTMP, FLV, HLS       host:port of the server (127.0.0.1:1935, :8081, :8080)
#   FFMPEG               the ffmpeg to play with
#   SHOT                 a file for a picture of the window
#
# Needs: apt-get install --no-install-recommends obs-studio xvfb libgl1-mesa-dri
set -u
key=${1:-test}
name=${key%%\?*}
rtmp=${RTMP:-127.0.0.1:1935} flv=${FLV:-127.0.0.1:8081} hls=${HLS:-127.0.0.1:8080}
ffmpeg=${FFMPEG:-ffmpeg}
for tool in obs Xvfb "$ffmpeg"; do
    command -v "$tool" >/dev/null || { echo "obs.sh: no $tool (see the head of this file)" >&2; exit 2; }
done

home=$(mktemp -d)
display='' obs='' viewer='' failures=0
finish() {
    for process in $obs $viewer $display; do kill -9 "$process" 2>/dev/null; done
    rm -rf "$home"
}
trap finish EXIT
step() { # step NAME COMMAND…
    local what=$1
    shift
    if "$@"; then echo "good: $what"; else echo "BAD:  $what"; failures=$((failures + 1)); fi
}
within() { # within SECONDS COMMAND…: until it succeeds
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

"$ffmpeg" -nostdin -v error -f lavfi -i testsrc2=size=320x180:rate=30:duration=5 -f lavfi \
    -i sine=frequency=440:sample_rate=44100:duration=5 -c:v libx264 -c:a aac "$home/clip.mp4" || exit 1

settings=$home/obs-studio
profile=$settings/basic/profiles/Xiu
mkdir -p "$profile" "$settings/basic/scenes"
cat >"$settings/global.ini" <<E
[General]
FirstRun=true
EnableAutoUpdates=false
ConfirmOnExit=false
[Basic]
Profile=Xiu
ProfileDir=Xiu
SceneCollection=Xiu
SceneCollectionFile=Xiu
[BasicWindow]
SysTrayEnabled=false
[OBSWebSocket]
FirstLoad=false
ServerEnabled=false
E
cat >"$profile/basic.ini" <<E
[General]
Name=Xiu
[Video]
BaseCX=320
BaseCY=180
OutputCX=320
OutputCY=180
FPSCommon=30
[Output]
Mode=Advanced
[AdvOut]
Encoder=obs_x264
TrackIndex=1
E
cat >"$profile/streamEncoder.json" <<E
{"rate_control": "CBR", "bitrate": 800, "keyint_sec": 2, "preset": "ultrafast", "x264opts": "bframes=2"}
E
cat >"$profile/service.json" <<E
{"type": "rtmp_custom", "settings": {"server": "rtmp://$rtmp/live", "key": "$key", "use_auth": false}}
E
cat >"$settings/basic/scenes/Xiu.json" <<E
{"name": "Xiu", "current_scene": "Scene", "current_program_scene": "Scene", "scene_order": [{"name": "Scene"}],
 "sources": [
   {"id": "ffmpeg_source", "name": "Clip", "volume": 1.0, "mixers": 255,
    "settings": {"is_local_file": true, "local_file": "$home/clip.mp4", "looping": true, "hw_decode": false}},
   {"id": "scene", "name": "Scene", "settings": {"id_counter": 1, "items": [{"id": 1, "name": "Clip",
     "visible": true, "align": 5, "pos": {"x": 0.0, "y": 0.0}, "scale": {"x": 1.0, "y": 1.0}}]}}]}
E

Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$home/display" 2>/dev/null &
display=$!
disown
within 20 test -s "$home/display" || { echo "obs.sh: Xvfb does not start" >&2; exit 1; }

start_obs() {
    : >"$home/obs.log"
    env HOME="$home" XDG_CONFIG_HOME="$home" XDG_RUNTIME_DIR="$home" DISPLAY=":$(cat "$home/display")" \
        QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1 LC_ALL=C.UTF-8 \
        obs --multi --startstreaming --profile Xiu >>"$home/obs.log" 2>&1 &
    obs=$!
    within 60 grep -q '==== Streaming Start' "$home/obs.log"
}
plays() { # plays URL: three seconds decode without an error, each picture is another one, and there is sound
    rm -f "$home/frames"
    timeout 40 "$ffmpeg" -nostdin -v error -xerror -err_detect explode -i "$1" -t 3 -map 0:v -map 0:a \
        -f framemd5 "$home/frames" || return 1
    [ "$(grep '^0,' "$home/frames" | awk '{print $NF}' | sort -u | wc -l)" -gt 45 ] &&
        [ "$(grep '^1,' "$home/frames" | awk '{print $NF}' | sort -u | wc -l)" -gt 45 ]
}
size() { stat -c %s "$home/viewer.flv" 2>/dev/null || echo 0; }
beyond() { [ "$(size)" -gt "$1" ]; }
gone() { ! kill -0 "$1" 2>/dev/null; }

step 'OBS streams' start_obs
step 'RTMP plays' plays "rtmp://$rtmp/live/$name"
step 'HTTP-FLV plays' plays "http://$flv/live/$name.flv"
step 'HLS plays' plays "http://$hls/live/$name/$name.m3u8"
[ -z "${SHOT:-}" ] || "$ffmpeg" -nostdin -v error -y -f x11grab -video_size 1280x800 \
    -i ":$(cat "$home/display")" -frames:v 1 "$SHOT"

"$ffmpeg" -nostdin -v error -i "rtmp://$rtmp/live/$name" -c copy -flush_packets 1 "$home/viewer.flv" &
viewer=$!
within 20 beyond 100000
kill -9 $obs
wait $obs 2>/dev/null
step 'OBS streams again after SIGKILL' start_obs
step 'its viewer goes on' within 20 beyond $(($(size) + 100000))
kill -INT $obs
step 'the viewer ends within 3 s of SIGINT' within 3 gone $viewer
step 'in good order' wait $viewer
step 'OBS has ended' within 20 gone $obs
step 'what the viewer got decodes' "$ffmpeg" -nostdin -v error -xerror -err_detect explode -i "$home/viewer.flv" \
    -fps_mode passthrough -enc_time_base:v demux -f null -
exit $((failures > 0))
