package io.manx.testkit;

import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.Cpus;
import java.nio.ByteBuffer;

/** Sees to it that a stage counts what ends in it: once, in its slot, and as a drop when it is one. */
final class Counters {
    private final BpfMap ends;
    private final int slot;
    private long packetsBefore;
    private long dropsBefore;

    Counters(BpfMap ends, int slot) {
        this.ends = ends;
        this.slot = slot;
    }

    /** @param attach the attach point's row */
    void remember(int attach) {
        packetsBefore = sum(attach, "packets");
        dropsBefore = sum(attach, "drops");
    }

    /** @throws AssertionError what was counted since {@link #remember} does not fit the outcome */
    void check(int attach, Outcome outcome) {
        long packets = sum(attach, "packets") - packetsBefore;
        long drops = sum(attach, "drops") - dropsBefore;
        boolean ended = outcome.verdict() != Verdict.NEXT && outcome.verdict() != Verdict.KEPT;
        long packetsDue = ended ? 1 : 0;
        long dropsDue = outcome.verdict() == Verdict.DROP ? 1 : 0;
        if (packets != packetsDue || drops != dropsDue) {
            throw new AssertionError("the stage ended with " + outcome + " and counted " + packets + " packets and "
                    + drops + " drops at its slot, not " + packetsDue + " and " + dropsDue
                    + "; STAGE() counts by itself");
        }
    }

    /** Over all lanes and all CPUs. */
    private long sum(int attach, String member) {
        Layout layout = ends.value();
        ByteBuffer key = ends.key().allocate().putInt(0, attach);
        ByteBuffer all = ends.get(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        "note->attach is " + attach + ", and manx_ends has " + ends.capacity() + " rows"));
        long sum = 0;
        for (int cpu = 0; cpu < Cpus.possible(); cpu++) {
            ByteBuffer one = PerCpu.value(all, layout.size(), cpu);
            for (Lane lane : Lane.values()) {
                sum += layout.field("at[" + lane.ordinal() + "][" + slot + "]." + member).get(one);
            }
        }
        return sum;
    }
}
