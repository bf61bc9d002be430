package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes written down as text: hexadecimal, with ASCII between single quotes. */
public final class Bytes {
    private Bytes() {}

    public static ByteBuf of(String text) {
        return Unpooled.wrappedBuffer(array(text));
    }

    public static byte[] array(String text) {
        ByteBuf out = Unpooled.buffer();
        String[] parts = text.split("'", -1);
        for (int i = 0; i < parts.length; i++) {
            out.writeBytes(
                    i % 2 == 1
                            ? parts[i].getBytes(StandardCharsets.UTF_8)
                            : HexFormat.of().parseHex(parts[i].replace(" ", "")));
        }
        return ByteBufUtil.getBytes(out);
    }
}
