package io.manx.bench.programs;

import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Flows;
import io.manx.bench.result.Series.Better;
import io.manx.bench.run.Bench;
import io.manx.bench.run.Variant;
import io.manx.libbpf.BpfProgram;
import java.util.List;

/** Packets of known flows, through Manx and its rivals. */
public final class Established {
    private final Bench bench;
    private final Dataplane manx;
    private final Rivals rivals;

    public Established(Bench bench, Dataplane manx, Rivals rivals) {
        this.bench = bench;
        this.manx = manx;
        this.rivals = rivals;
    }

    /** Makes the flows known to all, then measures. */
    public void measure(Conversation conversation, String suite, String what, Flows flows) throws Exception {
        if (!bench.hasTimeFor(suite + ", " + what)) {
            return;
        }
        manx.forgetFlows();
        rivals.forgetFlows();
        int packets = packets(flows);
        try (Lane lane = new Lane(manx, conversation, flows)) {
            lane.open();
            openRivals(conversation, flows);
            bench.measure(suite, what, "ns", Better.LESS, ProgramsSuite.EMPTY, List.of(
                    new Variant(ProgramsSuite.EMPTY, () -> lane.empty(packets)),
                    new Variant(ProgramsSuite.MONOLITH, () -> lane.run(rivals.monolith(), packets, Lane.REDIRECT)),
                    new Variant(ProgramsSuite.CAREFUL, () -> lane.run(rivals.carefulThatMakes(), packets, Lane.REDIRECT)),
                    new Variant(ProgramsSuite.CHAIN, () -> lane.run(rivals.chain(), packets, Lane.REDIRECT)),
                    new Variant(ProgramsSuite.MANX, () -> lane.established(packets))));
            lane.check();
        }
    }

    /** Manx alone, where the rivals have nothing to grow. */
    public void measureManx(Conversation conversation, String suite, String what) throws Exception {
        manx.forgetFlows();
        int packets = packets(Flows.ONE);
        try (Lane lane = new Lane(manx, conversation, Flows.ONE)) {
            lane.open();
            bench.measure(suite, what, "ns", Better.LESS, ProgramsSuite.EMPTY, List.of(
                    new Variant(ProgramsSuite.EMPTY, () -> lane.empty(packets)),
                    new Variant("manx, known flow", () -> lane.established(packets))));
            lane.check();
        }
    }

    /** As many as there are flows, where that is no waste of time. */
    private int packets(Flows flows) {
        int most = 64_000;
        return Math.max(bench.effort().packets(), bench.effort().isTiny() ? 0 : Math.min(flows.number(), most));
    }

    private void openRivals(Conversation conversation, Flows flows) throws Exception {
        try (Lane openings = new Lane(manx, conversation, flows.inTurn())) {
            for (BpfProgram program : List.of(rivals.monolithThatMakes(), rivals.chain())) {
                openings.repeater().rewind();
                openings.repeater().aim(program);
                openings.repeater().run(flows.number());
            }
        }
    }
}
