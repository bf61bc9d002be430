#!/bin/sh
# Installs what the integration tests use from Debian, when it is missing and this user may install it. Otherwise one
# message names what is missing. Run by the build before the integration tests; does nothing when all is there.
set -u

missing=''
need() { case " $missing " in *" $1 "*) ;; *) missing="${missing:+$missing }$1" ;; esac; }
package() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ] || need "$1"; }
command_of() { command -v "$1" >/dev/null 2>&1 || need "$2"; }

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "it: no Debian packages here; the integration tests need a Debian or Ubuntu machine (or: mvn verify -DskipITs)" >&2
    exit 1
fi

# The libraries that the ffmpeg of the tests links to.
for library in libasound2 libdrm2 libpulse0 libva-drm2 libva2 libxcb-shm0 libxcb1; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "${library}t64" 2>/dev/null)" = installed ] || package "$library"
done
# Browsers' view of the streams.
command_of chromium chromium
command_of node nodejs
command_of npm npm
# Other servers and clients.
package nginx
package libnginx-mod-rtmp
command_of rtmpdump rtmpdump
command_of curl curl
command_of openssl openssl
command_of gst-launch-1.0 gstreamer1.0-tools
package gstreamer1.0-libav
package gstreamer1.0-plugins-good
package gstreamer1.0-plugins-bad
command_of mpv mpv
command_of cvlc vlc-bin
package vlc-plugin-base
# The load tools in benchmarks/.
command_of gcc gcc
package libc6-dev
command_of make make

[ -n "$missing" ] || exit 0

as_root=''
if [ "$(id -u)" != 0 ]; then
    as_root='sudo -n'
    if ! sudo -n true 2>/dev/null; then
        echo "it: the integration tests need packages that are missing: sudo apt-get install $missing (or: mvn verify -DskipITs)" >&2
        exit 1
    fi
fi

echo "it: installing $missing"
# A package must not start its service here: nginx would take port 80.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
    $as_root chmod +x $policy
    trap '$as_root rm -f $policy' EXIT
fi
log=$(mktemp)
if ! {
    $as_root apt-get -q update &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
            -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-unsafe-io install $missing
} >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "it: apt-get could not install $missing (log: $log)" >&2
    exit 1
fi
rm -f "$log"
