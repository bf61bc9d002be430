# nginx with its RTMP module (Debian: nginx, libnginx-mod-rtmp), one worker, defaults otherwise.
# HLS: the same worker writes the segments to memory-backed files and serves them as static files.
TITLE="nginx-rtmp"
START="nginx -p $DIR -c $DIR/nginx.conf -e $DIR/error.log"
RTMP="rtmp://127.0.0.1:$PORT/live/s%d"
HLS="http://127.0.0.1:$HTTP_PORT/hls/s%d.m3u8"
READY_PORT=$PORT

peer_installed() {
    command -v nginx >/dev/null && ls /usr/lib/nginx/modules/ngx_rtmp_module.so >/dev/null 2>&1
}

prepare() {
    mkdir -p "$DIR/hls"
    cat > "$DIR/nginx.conf" <<CONF
daemon off;
worker_processes 1;
worker_rlimit_nofile $(ulimit -n);
error_log $DIR/error.log error;
pid $DIR/nginx.pid;
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
events { worker_connections $(($(ulimit -n) - 100)); }
rtmp {
    access_log off;
    server {
        listen 127.0.0.1:$PORT;
        application live { live on; ${PEER_HLS:+hls on; hls_path $DIR/hls; hls_fragment 2s; hls_playlist_length 12s;} }
    }
}
http {
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path $DIR/body; proxy_temp_path $DIR/proxy; fastcgi_temp_path $DIR/fastcgi;
    uwsgi_temp_path $DIR/uwsgi; scgi_temp_path $DIR/scgi;
    sendfile on; tcp_nopush on;
    types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; }
    server { listen 127.0.0.1:$HTTP_PORT; root $DIR; }
}
CONF
}
