# nginx as a file server for HLS. A second nginx with the RTMP module cuts the segments and is not accounted, so that
# what is measured is the delivery of ready files alone.
TITLE="nginx, static files"
START="nginx -p $DIR -c $DIR/static.conf -e $DIR/error.log"
HELPER="nginx -p $DIR -c $DIR/cut.conf -e $DIR/cut-error.log"
PUBLISH="rtmp://127.0.0.1:$HELPER_PORT/live/s%d"
HLS="http://127.0.0.1:$HTTP_PORT/hls/s%d.m3u8"
READY_PORT=$HTTP_PORT

installed() {
    command -v nginx >/dev/null && [ -e /usr/lib/nginx/modules/ngx_rtmp_module.so ]
}

prepare() {
    mkdir -p "$DIR/hls" "$DIR/temp"
    chmod -R a+rwX "$DIR"
    cat > "$DIR/cut.conf" <<CONF
daemon off;
worker_processes 1;
error_log $DIR/cut-error.log error;
pid $DIR/cut.pid;
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
events { worker_connections 1000; }
rtmp {
    access_log off;
    server {
        listen 127.0.0.1:$HELPER_PORT;
        application live { live on; hls on; hls_path $DIR/hls; hls_fragment 2s; hls_playlist_length 12s; }
    }
}
CONF
    cat > "$DIR/static.conf" <<CONF
daemon off;
worker_processes 1;
error_log $DIR/error.log error;
pid $DIR/nginx.pid;
events { worker_connections $(($(ulimit -n) - 100)); }
http {
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path $DIR/temp/body;
    proxy_temp_path $DIR/temp/proxy;
    fastcgi_temp_path $DIR/temp/fastcgi;
    uwsgi_temp_path $DIR/temp/uwsgi;
    scgi_temp_path $DIR/temp/scgi;
    sendfile on;
    tcp_nopush on;
    types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; }
    server { listen 127.0.0.1:$HTTP_PORT; root $DIR; }
}
CONF
}
