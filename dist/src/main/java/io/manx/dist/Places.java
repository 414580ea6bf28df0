package io.manx.dist;

import java.nio.file.Path;

/** Where things are. */
final class Places {
    static final String DEFAULT_STATE = "/run/manx/state";
    private static final String SOCKET_OF_SYSTEM = "/run/manx/manx.sock";
    private static final String SOCKET_VARIABLE = "MANX_SOCKET";

    /** As picocli reads it: the environment may name another. */
    static final String DEFAULT_SOCKET = "${env:" + SOCKET_VARIABLE + ":-" + SOCKET_OF_SYSTEM + "}";

    static final Path SOCKET = Path.of(System.getenv().getOrDefault(SOCKET_VARIABLE, SOCKET_OF_SYSTEM));
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
