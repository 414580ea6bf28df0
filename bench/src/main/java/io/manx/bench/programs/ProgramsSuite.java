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
    public static final String EMPTY = "empty";
    public static final String MANX = "manx";
    static final String MONOLITH = "monolith";
    static final String CAREFUL = "monolith that also counts and takes the TTL";
    static final String CHAIN = "five dynamic tail calls";
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
                Dataplane manx = lab.manx(resources());
                Rivals rivals = new Rivals()) {
            bench.note("programs: namespaces " + lab.client().name() + ", " + lab.server().name() + "; "
                    + chain(manx));
            Established known = new Established(bench, manx, rivals);
            List<Conversation> one = List.of(
                    Conversation.plain("udp", 4), Conversation.plain("tcp", 4), Conversation.plain("udp", 6),
                    Conversation.plain("tcp", 6), Conversation.translated("udp"), Conversation.translated("tcp"));
            for (Conversation conversation : one) {
                known.measure(conversation, SUITE, conversation.name() + ", one flow", Flows.ONE);
            }
            boolean tiny = bench.effort().isTiny();
            Conversation udp = Conversation.plain("udp", 4);
            known.measure(udp, SUITE, "v4 udp, 64k flows in turn", new Flows(tiny ? 640 : MANY, Turn.IN_TURN));
            newFlows(manx, rivals);
            denied(manx);
            new StageCosts(bench, manx).run(resources());
            known.measure(udp, SUITE, "v4 udp, 512k flows at random", new Flows(tiny ? 5_120 : ALL, Turn.AT_RANDOM));
        }
    }

    /** With these no stage is idle. */
    public static String resources() {
        return Config.HOSTS + Config.rulesForHosts(10) + Config.services(1);
    }

    private static String chain(Dataplane manx) {
        var lanes = manx.pipeline(Lab.CLIENT_PORT, "tc-ingress").lanes();
        return "first lane " + lanes.first().stream().map(row -> row.name()).toList()
                + ", established lane " + lanes.established().stream().map(row -> row.name()).toList();
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
