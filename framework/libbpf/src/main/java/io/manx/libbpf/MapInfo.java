package io.manx.libbpf;

import com.sun.jna.Memory;

/**
 * A map in the kernel.
 *
 * @param name its first 15 characters
 * @param keySize bytes
 * @param valueSize bytes, on one CPU
 * @param flags as {@code map_flags} of bpf.h
 * @param btfId of the types the kernel was given with it, 0 for none
 * @param keyTypeId in that BTF, 0 for none
 * @param valueTypeId in that BTF, 0 for none
 */
public record MapInfo(
        int id,
        String name,
        MapType type,
        int keySize,
        int valueSize,
        int maxEntries,
        int flags,
        int btfId,
        int keyTypeId,
        int valueTypeId) {

    /** As struct bpf_map_info of bpf.h. */
    private static final int BYTES = 88;

    static MapInfo of(int fd, String subject) {
        try (Memory info = Info.read(fd, BYTES, subject)) {
            return new MapInfo(
                    info.getInt(4),
                    info.getString(24),
                    MapType.of(info.getInt(0)),
                    info.getInt(8),
                    info.getInt(12),
                    info.getInt(16),
                    info.getInt(20),
                    info.getInt(64),
                    info.getInt(68),
                    info.getInt(72));
        }
    }
}
