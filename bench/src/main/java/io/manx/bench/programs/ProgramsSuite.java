package io.manx.bench.programs;

import io.manx.bench.lab.Config;
import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Flows;
import io.manx.bench.lab.Flows.Turn;
import io.manx.bench.lab.Lab;
import io.manx.bench.result.Series.Better;
import io.manx.bench.run.Bench;
import io.manx.bench.run.Variant;
import io.manx.libbpf.BpfProgram;
import java.util.List;

/**
 * Nanoseconds a packet, by running the loaded programs on packets that no interface saw: Manx's pipeline from its entry on,
 * a monolith, the monolith's work in five dynamic tail calls, and nothing at all, which is subtracted.
 */
public final class ProgramsSuite {
    public static final String SUITE = "programs";
    static final String EMPTY = "empty";
    static final String MANX = "manx";
    private static final String MONOLITH = "monolith";
    private static final String CAREFUL = "monolith that also counts and takes the TTL";
    private static final String CHAIN = "five dynamic tail calls";
    private static final int MANY = 64_000;
    private static final int ALL = 512_000;
    /** Fresh flows are less than a table holds. */
    private static final int NEW_FLOWS = 20_000;

    private final Bench bench;

    public ProgramsSuite(Bench bench) {
        this.bench = bench;
    }

    public void run() throws Exception {
        try (Lab lab = new Lab();
                Dataplane manx = new Dataplane(resources());
                Rivals rivals = new Rivals()) {
            bench.note("programs: namespaces " + lab.client().name() + ", " + lab.server().name() + "; "
                    + chain(manx));
            List<Conversation> one = List.of(
                    Conversation.plain("udp", 4), Conversation.plain("tcp", 4), Conversation.plain("udp", 6),
                    Conversation.plain("tcp", 6), Conversation.translated("udp"), Conversation.translated("tcp"));
            for (Conversation conversation : one) {
                established(manx, rivals, conversation, conversation.name() + ", one flow", Flows.ONE);
            }
            boolean tiny = bench.effort().isTiny();
            Conversation udp = Conversation.plain("udp", 4);
            established(manx, rivals, udp, "v4 udp, 64k flows in turn", new Flows(tiny ? 640 : MANY, Turn.IN_TURN));
            newFlows(manx, rivals);
            denied(manx);
            new StageCosts(bench, manx).run(resources());
            established(manx, rivals, udp, "v4 udp, 512k flows at random", new Flows(tiny ? 5_120 : ALL, Turn.AT_RANDOM));
        }
    }

    static String resources() {
        return Config.HOSTS + Config.rulesForHosts(10) + Config.services(1);
    }

    private static String chain(Dataplane manx) {
        var lanes = manx.pipeline(Lab.CLIENT_PORT, "tc-ingress").lanes();
        return "first lane " + lanes.first().stream().map(row -> row.name()).toList()
                + ", established lane " + lanes.established().stream().map(row -> row.name()).toList();
    }

    private void established(Dataplane manx, Rivals rivals, Conversation conversation, String what, Flows flows)
            throws Exception {
        manx.forgetFlows();
        rivals.forgetFlows();
        int packets = Math.max(bench.effort().packets(), bench.effort().isTiny() ? 0 : Math.min(flows.number(), MANY));
        try (Lane lane = new Lane(manx, conversation, flows);
                Lane openings = new Lane(manx, conversation, flows.inTurn())) {
            lane.open();
            for (BpfProgram program : List.of(rivals.monolithThatMakes(), rivals.carefulThatMakes(), rivals.chain())) {
                openings.repeater().rewind();
                openings.repeater().aim(program);
                openings.repeater().run(flows.number());
            }
            bench.measure(SUITE, what, "ns", Better.LESS, EMPTY, List.of(
                    new Variant(EMPTY, () -> lane.empty(packets)),
                    new Variant(MONOLITH, () -> lane.run(rivals.monolith(), packets, Lane.REDIRECT)),
                    new Variant(CAREFUL, () -> lane.run(rivals.carefulThatMakes(), packets, Lane.REDIRECT)),
                    new Variant(CHAIN, () -> lane.run(rivals.chain(), packets, Lane.REDIRECT)),
                    new Variant(MANX, () -> lane.established(packets))));
            lane.check();
        }
    }

    private void newFlows(Dataplane manx, Rivals rivals) throws Exception {
        int packets = Math.min(bench.effort().packets(), NEW_FLOWS);
        for (Conversation conversation : List.of(
                Conversation.plain("udp", 4), Conversation.plain("udp", 6), Conversation.translated("udp"))) {
            try (Lane lane = new Lane(manx, conversation, new Flows(packets, Turn.IN_TURN))) {
                bench.measure(SUITE, conversation.name() + ", new flows", "ns", Better.LESS, EMPTY, List.of(
                        new Variant(EMPTY, () -> lane.empty(packets)),
                        new Variant(MONOLITH, () -> fresh(rivals, lane, rivals.monolithThatMakes(), packets)),
                        new Variant(CAREFUL, () -> fresh(rivals, lane, rivals.carefulThatMakes(), packets)),
                        new Variant(MANX, () -> fresh(manx, lane, packets))));
            }
        }
        manx.forgetFlows();
        rivals.forgetFlows();
    }

    private static double fresh(Rivals rivals, Lane lane, BpfProgram program, int packets) {
        rivals.forgetFlows();
        lane.repeater().rewind();
        return lane.runAtOnce(program, packets, Lane.REDIRECT);
    }

    /** @throws IllegalStateException not every packet made a flow */
    private static double fresh(Dataplane manx, Lane lane, int packets) {
        manx.forgetFlows();
        lane.repeater().rewind();
        double nanos = lane.runAtOnce(lane.entry(), packets, Lane.REDIRECT);
        if (manx.flows() < packets) {
            throw new IllegalStateException(manx.flows() + " flows were made of " + packets + " packets");
        }
        return nanos;
    }

    private void denied(Dataplane manx) throws Exception {
        int packets = bench.effort().packets();
        try (Lane lane = new Lane(manx, Conversation.denied(), Flows.ONE)) {
            long before = droppedByPolicy(manx);
            bench.measure(SUITE, "v4 udp, denied", "ns", Better.LESS, EMPTY, List.of(
                    new Variant(EMPTY, () -> lane.empty(packets)),
                    new Variant(MANX, () -> lane.run(packets, Lane.SHOT))));
            if (droppedByPolicy(manx) - before < (long) packets * bench.effort().rounds()) {
                throw new IllegalStateException("not every packet was denied: " + manx.engine().view().drops());
            }
        }
    }

    private static long droppedByPolicy(Dataplane manx) {
        return manx.dropped(Lab.CLIENT_PORT, "policy-default") + manx.dropped(Lab.CLIENT_PORT, "policy-deny");
    }
}
