package io.manx.libbpf;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.manx.api.stage.MapWalk;

/**
 * A program of SEC("iter/bpf_map_elem") on its way through a map. The kernel runs it on one entry after the other until it
 * has written as much as was asked for: so a program that writes a byte every thousand entries makes slices of a thousand.
 */
public final class MapIterator implements MapWalk {
    /** As struct bpf_link_create_opts of bpf.h, up to target_btf_id. */
    private static final int OPTIONS_BYTES = 32;

    /** As union bpf_iter_link_info of linux/bpf.h. */
    private static final int TARGET_BYTES = 16;

    private static final int BPF_TRACE_ITER = 28;

    private final String subject;
    private final Descriptor descriptor;
    private final Memory written = new Memory(1);

    private MapIterator(String subject, Descriptor descriptor) {
        this.subject = subject;
        this.descriptor = descriptor;
    }

    /** @throws BpfException the program is no iterator, or reads beyond the map's keys or values */
    public static MapIterator open(BpfProgram program, BpfMap map) {
        String subject = program + " on " + map.subject();
        try (Memory options = Info.zeros(OPTIONS_BYTES);
                Memory target = Info.zeros(TARGET_BYTES)) {
            target.setInt(0, map.fd());
            options.setLong(0, OPTIONS_BYTES);
            options.setPointer(16, target);
            options.setInt(24, TARGET_BYTES);
            int link = Libbpf.bpf_link_create(program.fd(), 0, BPF_TRACE_ITER, options);
            Errno.check(link, "bpf_link_create", subject);
            try (Descriptor made = new Descriptor(link, subject)) {
                int fd = Errno.check(Libbpf.bpf_iter_create(made.fd()), "bpf_iter_create", subject);
                return new MapIterator(subject, new Descriptor(fd, subject));
            }
        }
    }

    @Override
    public int step() {
        long read = Libc.read(descriptor.fd(), written, written.size());
        if (read < 0) {
            throw new BpfException("read", subject, Native.getLastError());
        }
        return (int) read;
    }

    @Override
    public void close() {
        descriptor.close();
        written.close();
    }
}
