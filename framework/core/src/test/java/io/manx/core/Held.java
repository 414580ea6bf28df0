package io.manx.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What this process holds of the kernel's BPF, by kind and sorted, and what is pinned for a state folder. */
record Held(List<String> descriptors, List<String> pins) {
    static Held by(Path state) throws IOException {
        return of(PinRoot.of(state));
    }

    static Held of(PinRoot root) throws IOException {
        List<String> descriptors = new ArrayList<>();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.contains("bpf")) {
                        descriptors.add(target);
                    }
                }
            }
        }
        try (Stream<Path> pins = Files.walk(root.path())) {
            return new Held(
                    descriptors.stream().sorted().toList(),
                    pins.map(Path::toString).sorted().toList());
        }
    }

    /** The same, without a generation's number, which differs from one change to the next. */
    Held generationless() {
        return new Held(
                descriptors, pins.stream().map(pin -> pin.replaceAll("/arrays/[0-9]+$", "/arrays/N")).sorted().toList());
    }
}
