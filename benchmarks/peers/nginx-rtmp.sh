# nginx with its RTMP module (Debian: nginx, libnginx-mod-rtmp): one worker, defaults otherwise.
TITLE="nginx-rtmp"
START="nginx -p $DIR -c $DIR/nginx.conf -e $DIR/error.log"
RTMP="rtmp://127.0.0.1:$PORT/live/s%d"

installed() {
    command -v nginx >/dev/null && [ -e /usr/lib/nginx/modules/ngx_rtmp_module.so ]
}

prepare() {
    cat > "$DIR/nginx.conf" <<CONF
daemon off;
worker_processes 1;
error_log $DIR/error.log error;
pid $DIR/nginx.pid;
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
events { worker_connections $(($(ulimit -n) - 100)); }
rtmp {
    access_log off;
    server {
        listen 127.0.0.1:$PORT;
        application live { live on; }
    }
}
CONF
}
