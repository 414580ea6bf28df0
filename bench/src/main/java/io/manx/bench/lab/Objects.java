package io.manx.bench.lab;

import io.manx.libbpf.ObjectSpec;
import java.io.IOException;
import java.io.InputStream;

/** The benchmark's own BPF objects. */
public final class Objects {
    private Objects() {}

    public static ObjectSpec spec(String name) throws IOException {
        return ObjectSpec.parse(name, bytes(name));
    }

    public static byte[] bytes(String name) throws IOException {
        try (InputStream in = Objects.class.getResourceAsStream("/META-INF/bpf/" + name)) {
            if (in == null) {
                throw new IOException("META-INF/bpf/" + name + " is missing from io.manx.bench: it was built without clang");
            }
            return in.readAllBytes();
        }
    }
}
