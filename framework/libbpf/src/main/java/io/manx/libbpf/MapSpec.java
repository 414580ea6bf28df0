package io.manx.libbpf;

import io.manx.api.layout.Layout;
import java.util.Optional;

/**
 * A map as an object file declares it.
 *
 * @param keySize bytes
 * @param valueSize bytes, on one CPU
 * @param maxEntries a ring buffer's: bytes
 * @param flags as {@code map_flags} of bpf.h
 */
public record MapSpec(
        String name,
        MapType type,
        int keySize,
        int valueSize,
        int maxEntries,
        int flags,
        Layout keyLayout,
        Layout valueLayout) {

    /** The same map with room for another number of entries. */
    public MapSpec withMaxEntries(int entries) {
        return new MapSpec(name, type, keySize, valueSize, entries, flags, keyLayout, valueLayout);
    }

    /** How a map in the kernel differs, such that it cannot stand for this one: {@code value is 136 bytes there, 144 here}. */
    public Optional<String> differenceFrom(MapInfo there) {
        if (type != there.type()) {
            return Optional.of("type is " + there.type() + " there, " + type + " here");
        }
        return bytes("key", there.keySize(), keySize)
                .or(() -> bytes("value", there.valueSize(), valueSize))
                .or(() -> number("max_entries", there.maxEntries(), maxEntries))
                .or(() -> number("flags", there.flags(), flags));
    }

    private static Optional<String> bytes(String what, int there, int here) {
        return there == here ? Optional.empty() : Optional.of(what + " is " + there + " bytes there, " + here + " here");
    }

    private static Optional<String> number(String what, int there, int here) {
        return there == here ? Optional.empty() : Optional.of(what + " is " + there + " there, " + here + " here");
    }
}
