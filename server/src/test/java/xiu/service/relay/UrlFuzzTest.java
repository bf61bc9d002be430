package xiu.service.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.stream.StreamException;
import xiu.stream.StreamKey;

/** Whatever a stream is called and asked with, its URL at the far side has that path and stays at that host. */
@Tag("fuzz")
class UrlFuzzTest {
    private static final UrlTemplate TEMPLATE = UrlTemplate.parse("rtmp://far:1936/{app}/{stream}?token=a&{query}");

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "stream", this::stream);
    }

    /** App, name and query, each on a line. */
    @FuzzTest(maxDuration = "60s")
    void stream(byte[] bytes) {
        String[] parts = new String(bytes, UTF_8).split("\n", 3);
        if (parts.length < 3) {
            return;
        }
        StreamKey key;
        try {
            key = new StreamKey(parts[0], parts[1]);
        } catch (StreamException badName) {
            return;
        }
        URI uri = TEMPLATE.resolve(key.app(), key.name(), parts[2]);
        assertThat(uri.getHost()).isEqualTo("far");
        assertThat(uri.getPort()).isEqualTo(1936);
        assertThat(uri.getPath()).isEqualTo("/" + key);
        assertThat(uri.getRawQuery()).startsWith("token=a");
        assertThat(uri.getRawFragment()).isNull();
    }
}
