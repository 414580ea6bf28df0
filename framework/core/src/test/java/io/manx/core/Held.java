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
        try (Stream<Path> pins = Files.walk(PinRoot.of(state).path())) {
            return new Held(
                    descriptors.stream().sorted().toList(),
                    pins.map(Path::toString).sorted().toList());
        }
    }
}
