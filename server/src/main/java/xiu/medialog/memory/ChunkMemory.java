package xiu.medialog.memory;

import io.netty.buffer.ByteBuf;

/** Where a chunk's memory goes when it is not needed any more. */
public interface ChunkMemory {
    /** Of chunks that stand in another one's memory, which they hold as long as they live. */
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

    /** Takes memory back that nobody uses any more; any thread. */
    void free(ByteBuf buffer);

    /** Takes memory back from the log, which may use it again as soon as nobody else holds it; the writer's thread. */
    void keep(ByteBuf buffer);
}
