#!/usr/bin/env bash
# Makes the media that the benchmarks publish, once: 16 s of 720p30 H.264 (GOP 2 s, B-frames) and AAC, 1.05 Mbit/s,
# 77 messages a second. Prints the file's path. ffmpeg: $FFMPEG, the one on PATH, or the one in Maven's repository.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=${XIU_BENCH_BUILD:-$here/target}
out=$build/media/720p30.flv

if [ -s "$out" ]; then
    echo "$out"
    exit 0
fi

unpack_ffmpeg() {
    local jar to=$1
    jar=$(ls -1 "${MAVEN_REPOSITORY:-$HOME/.m2/repository}"/org/bytedeco/ffmpeg/*/ffmpeg-*-linux-x86_64-gpl.jar 2>/dev/null | tail -1)
    [ -n "$jar" ] || return 1
    mkdir -p "$to"
    if command -v unzip >/dev/null; then
        unzip -q -o "$jar" -d "$to"
    else
        (cd "$to" && jar xf "$jar")
    fi
    local dir="$to/org/bytedeco/ffmpeg/linux-x86_64-gpl"
    chmod +x "$dir/ffmpeg"
    ffmpeg=(env "LD_LIBRARY_PATH=$dir" "$dir/ffmpeg")
}

mkdir -p "$(dirname "$out")"
if [ -n "${FFMPEG:-}" ]; then
    ffmpeg=("$FFMPEG")
elif command -v ffmpeg >/dev/null; then
    ffmpeg=(ffmpeg)
elif ! unpack_ffmpeg "$build/ffmpeg"; then
    echo "media.sh: no ffmpeg (expected: \$FFMPEG, ffmpeg on PATH, or org.bytedeco:ffmpeg in Maven's repository)" >&2
    exit 1
fi

echo "media.sh: making $out" >&2
"${ffmpeg[@]}" -hide_banner -loglevel error -nostdin -y \
    -f lavfi -i testsrc2=size=1280x720:rate=30 -f lavfi -i anoisesrc=sample_rate=48000:amplitude=0.3:seed=7 -t 16 \
    -vf noise=alls=6:allf=t:all_seed=7 -pix_fmt yuv420p \
    -c:v libx264 -preset veryfast -threads 1 -g 60 -keyint_min 60 -sc_threshold 0 -bf 2 \
    -b:v 900k -maxrate 900k -bufsize 450k -x264-params nal-hrd=cbr:force-cfr=1 \
    -c:a aac -b:a 128k -ac 2 -f flv -flvflags no_duration_filesize "$out.part.flv"
mv "$out.part.flv" "$out"
echo "$out"
