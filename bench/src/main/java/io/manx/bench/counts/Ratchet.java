package io.manx.bench.counts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Says where counts are worse than those that are checked in. Better ones are welcome, and tighten nothing by themselves. */
public final class Ratchet {
    /** Another compiler or kernel makes other instructions of the same source. */
    private static final double OTHER_TOOLS = 1.10;
    /** Constants such as addresses take more bytes or fewer from one boot to the next. */
    private static final double JIT_BYTES = 1.05;

    private final Counts before;
    private final Counts now;
    private final List<String> worse = new ArrayList<>();

    private Ratchet(Counts before, Counts now) {
        this.before = before;
        this.now = now;
    }

    /** @return a line for each count that is worse; empty when none is */
    public static List<String> worse(Counts before, Counts now) {
        Ratchet ratchet = new Ratchet(before, now);
        ratchet.programs();
        ratchet.lanes();
        return ratchet.worse;
    }

    private void programs() {
        now.programs().forEach((name, program) -> {
            Counts.Program old = before.programs().get(name);
            if (old == null) {
                worse.add("program " + name + " is not in the file");
                return;
            }
            hold("program " + name + ", instructions", old.instructions(), program.instructions(), instructions());
            hold("program " + name + ", bytes of machine code", old.jitBytes(), program.jitBytes(), instructions() * JIT_BYTES);
            hold("program " + name + ", indirect tail calls", old.indirectTailCalls(), program.indirectTailCalls(), 1);
            for (String site : new TreeSet<>(program.sites().keySet())) {
                hold("program " + name + ", sites of " + site, old.sites().getOrDefault(site, 0), program.sites().get(site), 1);
            }
        });
    }

    private void lanes() {
        for (Map.Entry<String, Counts.Lane> lane : now.lanes().entrySet()) {
            Counts.Lane old = before.lanes().get(lane.getKey());
            if (old == null) {
                worse.add("lane " + lane.getKey() + " is not in the file");
                continue;
            }
            hold(lane.getKey() + " lane, programs", old.programs().size(), lane.getValue().programs().size(), 1);
            hold(lane.getKey() + " lane, instructions", old.instructions(), lane.getValue().instructions(), instructions());
            hold(lane.getKey() + " lane, sites of lookups", old.lookups(), lane.getValue().lookups(), 1);
            hold(lane.getKey() + " lane, sites of updates", old.updates(), lane.getValue().updates(), 1);
        }
    }

    private double instructions() {
        return now.hasToolsOf(before) ? 1 : OTHER_TOOLS;
    }

    private void hold(String what, int old, int is, double allowed) {
        if (is > old * allowed) {
            worse.add(what + ": " + is + ", were " + old);
        }
    }
}
