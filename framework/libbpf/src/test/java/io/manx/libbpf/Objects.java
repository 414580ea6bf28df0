package io.manx.libbpf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The objects of src/test/bpf. */
final class Objects {
    static final byte[] PACKET = new byte[64];

    private Objects() {}

    static byte[] bytes(String file) {
        try (InputStream in = Objects.class.getResourceAsStream("/META-INF/bpf/" + file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectSpec spec(String file) {
        return ObjectSpec.parse(file, bytes(file));
    }

    static BpfObject load(String file) {
        return spec(file).load(new LoadOptions());
    }

    static ByteBuffer u32(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(0, value);
    }

    static ByteBuffer u64(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, value);
    }
}
