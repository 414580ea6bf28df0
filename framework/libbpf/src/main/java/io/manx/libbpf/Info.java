package io.manx.libbpf;

import com.sun.jna.Memory;

/** What the kernel tells of a map, a program or a link. */
final class Info {
    private Info() {}

    /** @return zeros where the kernel is older than the struct; the caller closes it */
    static Memory read(int fd, int bytes, String subject) {
        Memory info = zeros(bytes);
        try {
            fill(fd, info, subject);
            return info;
        } catch (BpfException e) {
            info.close();
            throw e;
        }
    }

    static void fill(int fd, Memory info, String subject) {
        int[] length = {(int) info.size()};
        Errno.check(Libbpf.bpf_obj_get_info_by_fd(fd, info, length), "bpf_obj_get_info_by_fd", subject);
    }

    static Memory zeros(long bytes) {
        Memory memory = new Memory(bytes);
        memory.clear();
        return memory;
    }
}
