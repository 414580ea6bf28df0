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
    /** One branch more or less lets the verifier tell more paths apart, or fewer; what gets out of hand grows by far more. */
    private static final double VERIFIED = 1.5;
    /** Each kernel's verifier gives up paths in its own way. */
    private static final double VERIFIED_BY_OTHER_TOOLS = 3;
    /** Some 10 ms of a load: below, growth costs nobody anything. */
    private static final int VERIFIED_IN_NO_TIME = 10_000;

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
            holdVerified(name, old.verifiedInstructions(), program.verifiedInstructions());
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

    private void holdVerified(String program, int old, int is) {
        if (is > VERIFIED_IN_NO_TIME) {
            double allowed = now.hasToolsOf(before) ? VERIFIED : VERIFIED_BY_OTHER_TOOLS;
            hold("program " + program + ", instructions that the verifier followed", old, is, allowed);
        }
    }

    private void hold(String what, int old, int is, double allowed) {
        if (is > old * allowed) {
            worse.add(what + ": " + is + ", were " + old);
        }
    }
}
