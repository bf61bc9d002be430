package xiu.media;

import io.netty.buffer.ByteBuf;

/** A format whose bytes depend on the packet alone. It has no state, so it is itself the writer of all its logs. */
public interface PacketFormat extends WireFormat, PacketWriter {
    @Override
    default PacketWriter open() {
        return this;
    }

    @Override
    default int measure(MediaPacket packet) {
        int bytes = packet.bytes().readableBytes();
        return bytes + overhead(bytes);
    }

    /** An upper bound of what {@link #packet} adds to {@link MediaPacket#bytes()} of this length. */
    int overhead(int bytes);

    @Override
    void packet(MediaPacket packet, ByteBuf out);
}
