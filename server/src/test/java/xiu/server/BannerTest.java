package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class BannerTest {
    @Test
    void showsVersionListenersAndUrlsToCopy() {
        String banner = Banner.text(
                "1.2.3",
                List.of(
                        new Endpoint("rtmp", new InetSocketAddress(1935), false),
                        new Endpoint("rtmp", new InetSocketAddress(1936), true),
                        new Endpoint("httpflv", new InetSocketAddress("127.0.0.1", 8081), false),
                        new Endpoint("hls", new InetSocketAddress("::1", 8080), false),
                        new Endpoint("hls", new InetSocketAddress(8443), true)));
        assertThat(banner).isEqualTo("""
                        Xiu 1.2.3

                          RTMP      *:1935
                          RTMPS     *:1936
                          HTTP-FLV  127.0.0.1:8081
                          HLS       [::1]:8080
                          HLS (TLS) *:8443

                          Publish   ffmpeg -re -stream_loop -1 -i test.mp4 -c:a copy -c:v copy -f flv -flvflags no_duration_filesize rtmp://localhost:1935/live/test
                          or OBS    server rtmp://localhost:1935/live  stream key test
                          Publish   ffmpeg -re -stream_loop -1 -i test.mp4 -c:a copy -c:v copy -f flv -flvflags no_duration_filesize rtmps://localhost:1936/live/test
                          or OBS    server rtmps://localhost:1936/live  stream key test
                          Play      ffplay -i rtmp://localhost:1935/live/test
                                    ffplay -i rtmps://localhost:1936/live/test
                                    ffplay -i http://localhost:8081/live/test.flv
                                    ffplay -i http://[::1]:8080/live/test/test.m3u8
                                    ffplay -i https://localhost:8443/live/test/test.m3u8
                        """);
    }
}
