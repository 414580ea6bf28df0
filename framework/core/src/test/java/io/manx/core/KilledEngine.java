package io.manx.core;

import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;

import io.manx.libbpf.netlink.RtNetlink;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A process that runs an engine and ends hard right before one step of a change, or of its start where the kind is
 * takeover: arguments state, interfaces, step, kind, attach mode.
 */
final class KilledEngine {
    static final int KILLED = 77;

    private KilledEngine() {}

    public static void main(String[] words) {
        int last = Integer.parseInt(words[2]);
        int[] steps = {Integer.MIN_VALUE};
        Engine engine = new Engine(
                new Engine.Options(Path.of(words[0]), AttachMode.valueOf(words[4]), Set.of(words[1].split(","))),
                new RtNetlink(),
                step -> {
                    if (++steps[0] == last) {
                        Runtime.getRuntime().halt(KILLED);
                    }
                });
        if (words[3].equals("takeover")) {
            engine.offer(stage("gamma", List.of()));
            steps[0] = -1;
            engine.start();
            Runtime.getRuntime().halt(0);
        }
        StageDescriptor alpha = stage("alpha", List.of());
        StageDescriptor beta = stage("beta", List.of("alpha"));
        engine.offer(alpha);
        engine.offer(beta);
        engine.start();
        if (words[3].equals("generation")) {
            engine.withdraw(alpha);
            engine.withdraw(beta);
        }
        engine.offer(stage("gamma", List.of()));
        steps[0] = -1;
        engine.settle("test");
        Runtime.getRuntime().halt(0);
    }

    static StageDescriptor stage(String name, List<String> after) {
        return offer(name, "1.0.0", after, List.of(), WhichPackets.EVERY, compiled(name + ".bpf.o"));
    }
}
