package xiu.transport.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls that Java has no way to make otherwise. To load this class is to link them, which takes tens of
 * milliseconds: never on an event loop.
 */
final class LinuxCalls {
    private static final int MFD_CLOEXEC = 1;
    private static final int PROT_READ_AND_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final long MAP_FAILED = -1;

    private static final MethodHandle MEMFD_CREATE = link("memfd_create", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle MMAP =
            link("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = link("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle CLOSE = link("close", JAVA_INT, JAVA_INT);

    /** What {@code /proc/PID/maps} shows. */
    private static final MemorySegment NAME = Arena.global().allocateFrom("xiu");

    private LinuxCalls() {}

    private static MethodHandle link(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError(name + ": not there (expected: Linux and its C library)"));
        return linker.downcallHandle(address, FunctionDescriptor.of(result, arguments));
    }

    /** A new file without a name, in memory; its descriptor. */
    static int createFile() throws IOException {
        int descriptor;
        try {
            descriptor = (int) MEMFD_CREATE.invokeExact(NAME, MFD_CLOEXEC);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (descriptor < 0) {
            throw new IOException("memfd_create: refused (expected: a descriptor)");
        }
        return descriptor;
    }

    /** The first {@code size} bytes of a file, as memory. */
    static MemorySegment map(int descriptor, long size) throws IOException {
        MemorySegment mapped;
        try {
            mapped = (MemorySegment)
                    MMAP.invokeExact(MemorySegment.NULL, size, PROT_READ_AND_WRITE, MAP_SHARED, descriptor, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (mapped.address() == MAP_FAILED) {
            throw new IOException("mmap: refused (expected: " + size + " bytes of memory)");
        }
        return mapped.reinterpret(size);
    }

    /** Nobody may touch the memory any more. */
    static void unmap(MemorySegment mapped) {
        try {
            int ignored = (int) MUNMAP.invokeExact(mapped, mapped.byteSize());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
