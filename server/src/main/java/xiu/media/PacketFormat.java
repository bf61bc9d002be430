package xiu.media;

import io.netty.buffer.ByteBuf;

/** A format whose bytes depend on the packet alone: it remembers nothing, so it is itself the writer of all its logs. */
public interface PacketFormat extends WireFormat, PacketWriter {
    @Override
    default PacketWriter open() {
        return this;
    }

    @Override
    default int measure(MediaPacket packet) {
        int body = packet.body().readableBytes();
        return body + overhead(body);
    }

    /** An upper bound of what {@link #packet} and {@link #configuration} add to a body of this many bytes. */
    @Override
    int overhead(int bodyBytes);

    @Override
    void packet(MediaPacket packet, ByteBuf out);
}
