package io.manx.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Stages on offer, as tests write them. */
final class Offers {
    private static long bundleIds;

    private Offers() {}

    static StageDescriptor offer(String name, String version, List<String> after, List<String> before) {
        return offer(name, version, after, before, true, () -> {
            throw new IOException("this offer has no object");
        });
    }

    static StageDescriptor offer(
            String name,
            String version,
            List<String> after,
            List<String> before,
            boolean every,
            StageDescriptor.ObjectSource object) {
        return offer(Hook.TC, name, version, after, before, every, object);
    }

    /** A compiled stage of this module's test sources, on xdp. */
    static StageDescriptor xdp(String name, List<String> after) {
        return offer(Hook.XDP, name, "1.0.0", after, List.of(), true, compiled(name + ".bpf.o"));
    }

    private static StageDescriptor offer(
            Hook hook,
            String name,
            String version,
            List<String> after,
            List<String> before,
            boolean every,
            StageDescriptor.ObjectSource object) {
        return new StageDescriptor(
                name,
                "bundle." + name,
                ++bundleIds,
                Version.parse(version),
                hook,
                after,
                before,
                every,
                object,
                false,
                Optional::empty);
    }

    /** {@code policy after conntrack before nat,routes}. */
    static StageDescriptor offer(String text) {
        String[] words = text.split(" ");
        List<String> after = List.of();
        List<String> before = List.of();
        for (int i = 1; i + 1 < words.length; i += 2) {
            List<String> names = Arrays.asList(words[i + 1].split(","));
            after = words[i].equals("after") ? names : after;
            before = words[i].equals("before") ? names : before;
        }
        return offer(words[0], "1.0.0", after, before);
    }

    /** A compiled stage of this module's test sources. */
    static StageDescriptor.ObjectSource compiled(String object) {
        return () -> Files.readAllBytes(Path.of("target/test-classes/META-INF/bpf", object));
    }
}
