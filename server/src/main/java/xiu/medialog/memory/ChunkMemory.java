package xiu.medialog.memory;

import io.netty.buffer.ByteBuf;

/** Gets the memory of chunks that are not needed any more. */
public interface ChunkMemory {
    /** For chunks that are in the memory of others, which they hold. */
    ChunkMemory LENT = new ChunkMemory() {
        @Override
        public void free(ByteBuf buffer) {
            buffer.release();
        }

        @Override
        public void keep(ByteBuf buffer) {
            buffer.release();
        }
    };

    /** Takes memory back that nobody holds; any thread. */
    void free(ByteBuf buffer);

    /** Takes memory back from the log, which may use it again as soon as nobody else holds it; the writer's thread. */
    void keep(ByteBuf buffer);
}
