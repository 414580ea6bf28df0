package io.manx.libbpf;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory shared with the kernel. */
final class Mapping implements AutoCloseable {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final long FAILED = -1;

    private final Pointer address;
    private final long bytes;

    Mapping(int fd, long offset, long bytes, boolean writable, String subject) {
        Pointer mapped = Libc.mmap(null, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, offset);
        if (Pointer.nativeValue(mapped) == FAILED) {
            throw new BpfException("mmap", subject, Native.getLastError());
        }
        this.address = mapped;
        this.bytes = bytes;
    }

    /** Of no use, and deadly to touch, after {@link #close}. */
    ByteBuffer buffer() {
        return address.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        Libc.munmap(address, bytes);
    }
}
