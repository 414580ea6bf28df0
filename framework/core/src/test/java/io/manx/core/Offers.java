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
        return offer(name, version, after, before, WhichPackets.EVERY, () -> {
            throw new IOException("this offer has no object");
        });
    }

    static StageDescriptor offer(
            String name,
            String version,
            List<String> after,
            List<String> before,
            WhichPackets packets,
            StageDescriptor.ObjectSource object) {
        return offer(Hook.TC, name, version, after, before, packets, object);
    }

    /** A compiled stage of this module's test sources, on xdp. */
    static StageDescriptor xdp(String name, List<String> after) {
        return offer(Hook.XDP, name, "1.0.0", after, List.of(), WhichPackets.EVERY, compiled(name + ".bpf.o"));
    }

    private static StageDescriptor offer(
            Hook hook,
            String name,
            String version,
            List<String> after,
            List<String> before,
            WhichPackets packets,
            StageDescriptor.ObjectSource object) {
        return new StageDescriptor(
                name,
                "bundle." + name,
                ++bundleIds,
                Version.parse(version),
                hook,
                after,
                before,
                packets,
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
