package io.manx.dist;

import java.nio.file.Path;

/** Where things are. */
final class Places {
    static final String DEFAULT_STATE = "/run/manx/state";
    static final String DEFAULT_SOCKET = "/run/manx/manx.sock";
    static final Path SOCKET = Path.of(DEFAULT_SOCKET);
    static final Path BPFFS = Path.of("/sys/fs/bpf");

    private Places() {}

    /** What the build assembled: lib, bundles, stages, etc. Named by the starter script. */
    static Path home() {
        return Path.of(System.getProperty("manx.home", "dist/target/manx")).toAbsolutePath();
    }

    /** Pins of one state folder: its path with dashes for slashes, and colons for dots, which bpffs does not take. */
    static Path pins(Path state) {
        String id = state.toAbsolutePath().normalize().toString().substring(1).replace('/', '-').replace('.', ':');
        return BPFFS.resolve("manx").resolve(id);
    }
}
