package io.manx.libbpf;

import com.sun.jna.Memory;

/**
 * A link in the kernel, as struct bpf_link_info of bpf.h.
 *
 * @param type as enum bpf_link_type
 * @param ifindex 0 when the interface is gone
 * @param attachType as enum bpf_attach_type; tcx only
 */
record LinkInfo(int type, int id, int programId, int ifindex, int attachType) {
    static final int TYPE_XDP = 6;
    static final int TYPE_TCX = 11;

    private static final int BYTES = 56;

    static LinkInfo of(int fd, String subject) {
        try (Memory info = Info.read(fd, BYTES, subject)) {
            return new LinkInfo(info.getInt(0), info.getInt(4), info.getInt(8), info.getInt(16), info.getInt(20));
        }
    }
}
