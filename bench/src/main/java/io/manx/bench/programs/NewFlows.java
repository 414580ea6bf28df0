package io.manx.bench.programs;

import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Flows;
import io.manx.bench.lab.Flows.Turn;
import io.manx.bench.result.Series.Better;
import io.manx.bench.run.Bench;
import io.manx.bench.run.Variant;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.MapInfo;
import io.manx.libbpf.MapType;
import java.io.IOException;
import java.util.List;

/** Packets of which each is the first of its flow, against a monolith that makes an entry in the same kind of table. */
final class NewFlows {
    /** Fewer than a table holds. */
    private static final int MOST = 20_000;

    private final Bench bench;
    private final Dataplane manx;

    NewFlows(Bench bench, Dataplane manx) {
        this.bench = bench;
        this.manx = manx;
    }

    void measure(Conversation conversation) throws Exception {
        MapInfo table = table(conversation);
        int packets = Math.min(bench.effort().packets(), Math.min(MOST, table.maxEntries() / 2));
        boolean forgetful = table.type() == MapType.LRU_HASH;
        try (Rivals rivals = new Rivals(forgetful ? table.maxEntries() : 1);
                Lane lane = new Lane(manx, conversation, new Flows(packets, Turn.IN_TURN))) {
            BpfProgram rival = forgetful ? rivals.monolithThatMakesYoung() : rivals.monolithThatMakes();
            bench.measure(ProgramsSuite.SUITE, conversation.name() + ", new flows", "ns", Better.LESS, ProgramsSuite.EMPTY, List.of(
                    new Variant(ProgramsSuite.EMPTY, () -> lane.empty(packets)),
                    new Variant(ProgramsSuite.MONOLITH, () -> {
                        rivals.forgetFlows();
                        lane.repeater().rewind();
                        return lane.runAtOnce(rival, packets, Lane.REDIRECT);
                    }),
                    new Variant(ProgramsSuite.MANX, () -> fresh(lane, packets, forgetful))));
        }
        bench.note(conversation.name() + ", new flows: in a table of type " + table.type() + " for " + table.maxEntries());
        manx.forgetFlows();
    }

    /** Where Manx keeps a flow of which it has seen one packet. */
    private MapInfo table(Conversation conversation) throws Exception {
        manx.forgetFlows();
        try (Lane lane = new Lane(manx, conversation, Flows.ONE)) {
            lane.runAtOnce(lane.entry(), 1, Lane.REDIRECT);
        }
        return manx.tableOfFlows();
    }

    /** @throws IllegalStateException not every packet made a flow; one that forgets may have forgotten some, not half */
    private double fresh(Lane lane, int packets, boolean forgetful) throws IOException {
        manx.forgetFlows();
        lane.repeater().rewind();
        double nanos = lane.runAtOnce(lane.entry(), packets, Lane.REDIRECT);
        if (manx.flows() < (forgetful ? packets / 2 : packets)) {
            throw new IllegalStateException(manx.flows() + " flows were made of " + packets + " packets");
        }
        return nanos;
    }
}
