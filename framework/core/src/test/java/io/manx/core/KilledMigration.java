package io.manx.core;

import io.manx.core.StageDescriptor.Migrate;
import io.manx.libbpf.netlink.RtNetlink;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A process that migrates a map and ends hard right before one step of it: arguments state, interface, step, kind. */
final class KilledMigration {
    static final int FIRST_PORT = 40_000;
    static final int FLOWS = 10;

    private KilledMigration() {}

    public static void main(String[] words) {
        int last = Integer.parseInt(words[2]);
        int[] steps = {Integer.MIN_VALUE};
        Engine engine = new Engine(
                new Engine.Options(Path.of(words[0]), AttachMode.AUTO, Set.of(words[1])), new RtNetlink(), step -> {
                    if (++steps[0] == last) {
                        Runtime.getRuntime().halt(KilledEngine.KILLED);
                    }
                });
        List<StageDescriptor> before = stages(1, words[3]);
        before.forEach(engine::offer);
        engine.start();
        FlowLab.fill(FlowLab.pinOf(PinRoot.of(Path.of(words[0]))), FIRST_PORT, FLOWS);
        before.forEach(engine::withdraw);
        stages(2, words[3]).forEach(engine::offer);
        steps[0] = -1;
        engine.settle("test");
        Runtime.getRuntime().halt(0);
    }

    /** @param kind row: one stage is replaced; generation: two, of one bundle and with one map */
    static List<StageDescriptor> stages(int version, String kind) {
        StageDescriptor flows = FlowStages.flows(version, Migrate.BY_NAME);
        return kind.equals("row") ? List.of(flows) : List.of(flows, FlowStages.twin(version));
    }
}
