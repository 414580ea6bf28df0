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
import java.util.ArrayList;
import java.util.List;

/**
 * Nanoseconds a packet, by running the loaded programs on packets that no interface saw: Manx's pipeline from its entry on,
 * a monolith, the monolith's work in five dynamic tail calls, and nothing at all, which is subtracted.
 */
public final class ProgramsSuite {
    public static final String SUITE = "programs";
    public static final double SECONDS_FULL = 120;
    public static final double SECONDS_QUICK = 30;
    static final String EMPTY = "empty";
    static final String MANX = "manx";
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
        return Config.endpoints(false) + Config.rules(10) + Config.services(1);
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
        int packets = Math.max(bench.effort().packets(), bench.effort().isTiny() ? 0 : 2 * Math.min(flows.number(), MANY));
        try (Lane lane = new Lane(manx, conversation, flows);
                Lane openings = new Lane(manx, conversation, flows.inTurn())) {
            lane.open();
            for (BpfProgram program : List.of(rivals.monolithThatMakes(), rivals.chain())) {
                openings.repeater().rewind();
                openings.repeater().aim(program);
                openings.repeater().run(flows.number());
            }
            bench.measure(SUITE, what, "ns", Better.LESS, EMPTY, List.of(
                    new Variant(EMPTY, () -> empty(lane, packets)),
                    new Variant("monolith", () -> rival(lane, rivals.monolith(), packets)),
                    new Variant("five dynamic tail calls", () -> rival(lane, rivals.chain(), packets)),
                    new Variant(MANX, () -> lane.established(packets))));
        }
    }

    private void newFlows(Dataplane manx, Rivals rivals) throws Exception {
        int packets = Math.min(bench.effort().packets(), NEW_FLOWS);
        for (Conversation conversation : List.of(
                Conversation.plain("udp", 4), Conversation.plain("udp", 6), Conversation.translated("udp"))) {
            try (Lane lane = new Lane(manx, conversation, new Flows(packets, Turn.IN_TURN))) {
                bench.measure(SUITE, conversation.name() + ", new flows", "ns", Better.LESS, EMPTY, List.of(
                        new Variant(EMPTY, () -> empty(lane, packets)),
                        new Variant("monolith", () -> {
                            rivals.forgetFlows();
                            return rival(lane, rivals.monolithThatMakes(), packets);
                        }),
                        new Variant(MANX, () -> freshFlows(manx, lane, packets))));
            }
        }
        manx.forgetFlows();
        rivals.forgetFlows();
    }

    /** @throws IllegalStateException not every packet made a flow */
    private static double freshFlows(Dataplane manx, Lane lane, int packets) {
        manx.forgetFlows();
        lane.repeater().rewind();
        double nanos = lane.run(packets, Lane.REDIRECT);
        if (manx.flows() < packets) {
            throw new IllegalStateException(manx.flows() + " flows were made of " + packets + " packets");
        }
        return nanos;
    }

    private void denied(Dataplane manx) throws Exception {
        int packets = bench.effort().packets();
        try (Lane lane = new Lane(manx, Conversation.denied(), Flows.ONE)) {
            bench.measure(SUITE, "v4 udp, denied", "ns", Better.LESS, EMPTY, List.of(
                    new Variant(EMPTY, () -> empty(lane, packets)),
                    new Variant(MANX, () -> {
                        long before = droppedByPolicy(manx);
                        double nanos = lane.run(packets, Lane.SHOT);
                        if (droppedByPolicy(manx) - before != packets) {
                            throw new IllegalStateException("not every packet was denied: " + manx.engine().view().drops());
                        }
                        return nanos;
                    })));
        }
    }

    private static long droppedByPolicy(Dataplane manx) {
        return manx.dropped(Lab.CLIENT_PORT, "policy-default") + manx.dropped(Lab.CLIENT_PORT, "policy-deny");
    }

    static double empty(Lane lane, int packets) {
        lane.repeater().aimAtNothing();
        return lane.repeater().run(packets).nanos();
    }

    private static double rival(Lane lane, BpfProgram program, int packets) {
        lane.repeater().aim(program);
        var run = lane.repeater().run(packets);
        if (run.returned() != Lane.REDIRECT) {
            throw new IllegalStateException(program + " ended with " + run.returned() + ", not with a redirect");
        }
        return run.nanos();
    }
}
