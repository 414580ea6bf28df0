package io.manx.dist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Shared libraries where the distributions put them. */
final class Libraries {
    private Libraries() {}

    /** @param name with its version: {@code libbpf.so.1} */
    static Optional<Path> find(String name) {
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        return Stream.of(
                        "/usr/local/lib", "/lib/" + machine + "-linux-gnu", "/usr/lib/" + machine + "-linux-gnu",
                        "/usr/lib64", "/lib64", "/usr/lib", "/lib")
                .map(folder -> Path.of(folder, name))
                .filter(Files::exists)
                .findFirst();
    }
}
