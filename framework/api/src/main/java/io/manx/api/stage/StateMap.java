package io.manx.api.stage;

import io.manx.api.layout.Layout;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A map in the kernel. Keys and values are buffers of exactly the layouts' sizes in native byte order, read from
 * position 0 whatever their position; values of per-CPU maps are one value a possible CPU, each padded to 8 bytes.
 */
@ProviderType
public interface StateMap {
    String name();

    /** The most entries it holds. */
    int capacity();

    Layout key();

    Layout value();

    Optional<ByteBuffer> get(ByteBuffer key);

    /** Writes one entry, replacing what was there. @throws RuntimeException E2BIG when {@link #capacity} is reached */
    void put(ByteBuffer key, ByteBuffer value);

    /** Writes many entries in batches, replacing what was there; not atomic as a whole. */
    void putAll(Map<ByteBuffer, ByteBuffer> entries);

    /** Whether there was one. */
    boolean delete(ByteBuffer key);

    /** Visits every entry once, in batches; entries that come or go meanwhile may be missed. Buffers are the visitor's to keep. */
    void forEach(BiConsumer<ByteBuffer, ByteBuffer> visitor);
}
