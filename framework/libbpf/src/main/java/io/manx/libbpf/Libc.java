package io.manx.libbpf;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The few functions of the C library this package needs. Below zero: failed, errno is in {@link Native#getLastError}. */
final class Libc {
    static {
        Native.register(Libc.class, NativeLibrary.getInstance("libc.so.6"));
    }

    private Libc() {}

    static native String strerror(int errno);

    static native int vsnprintf(byte[] text, long bytes, Pointer format, Pointer arguments);

    static native int close(int fd);

    static native long read(int fd, Pointer bytes, long count);

    static native int fcntl(int fd, int command, long argument);

    static native long syscall(long number, long first, long second, long third);

    static native Pointer mmap(Pointer address, long bytes, int protection, int flags, int fd, long offset);

    static native int munmap(Pointer address, long bytes);

    static native int getpagesize();

    static native int poll(Memory descriptors, long count, int timeoutMillis);

    static native int statfs(String path, Memory result);

    static native int mount(String source, String target, String type, long flags, Pointer data);
}
