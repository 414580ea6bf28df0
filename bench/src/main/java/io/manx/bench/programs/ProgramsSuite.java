package io.manx.bench.programs;

import io.manx.bench.lab.Config;
import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Flows;
import io.manx.bench.lab.Flows.Turn;
import io.manx.bench.lab.Lab;
import io.manx.bench.result.Series.Better;
import io.manx.bench.run.Bench;
import io.manx.bench.run.Variant;
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
    /** A process that has just started has a compiler at work. */
    private static final int STARTED_MS = 1500;
    private static final int PASSES = 3;
    /** In the full run, with a break after each: a neighbour's work on a virtual machine comes and goes by seconds. */
    private static final int PASSES_OF_FULL_RUN = 15;
    private static final int BREAK_MS = 4000;
    private static final int MANY = 64_000;
    private static final int ALL = 512_000;

    private final Bench bench;

    public ProgramsSuite(Bench bench) {
        this.bench = bench;
    }

    public void run() throws Exception {
        try (Lab lab = new Lab();
                Dataplane manx = lab.manx(resources());
                Rivals rivals = new Rivals()) {
            bench.note("programs: " + chain(manx));
            Thread.sleep(bench.effort().isTiny() ? 0 : STARTED_MS);
            Established known = new Established(bench, manx, rivals);
            List<Conversation> one = List.of(
                    Conversation.plain("udp", 4), Conversation.plain("tcp", 4), Conversation.plain("udp", 6),
                    Conversation.plain("tcp", 6), Conversation.translated("udp"), Conversation.translated("tcp"));
            boolean full = bench.effort().isFull();
            bench.inPasses(full ? PASSES_OF_FULL_RUN : PASSES, () -> {
                for (Conversation conversation : one) {
                    known.measure(conversation, SUITE, conversation.name() + ", one flow", Flows.ONE);
                }
                Thread.sleep(full ? BREAK_MS : 0);
            });
            boolean tiny = bench.effort().isTiny();
            Conversation udp = Conversation.plain("udp", 4);
            known.measure(udp, SUITE, "v4 udp, 64k flows in turn", new Flows(tiny ? 640 : MANY, Turn.IN_TURN));
            NewFlows fresh = new NewFlows(bench, manx);
            fresh.measure(udp);
            fresh.measure(Conversation.plain("udp", 6));
            fresh.measure(Conversation.translated("udp"));
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
                + ", established lane " + lanes.established().stream().map(row -> row.name()).toList()
                + ", translated lane " + lanes.translated().stream().map(row -> row.name()).toList();
    }

    private void denied(Dataplane manx) throws Exception {
        int packets = bench.effort().packets();
        try (Lane lane = new Lane(manx, Conversation.denied(), Flows.ONE)) {
            long before = droppedByPolicy(manx);
            int rounds = bench.measure(SUITE, "v4 udp, denied", "ns", Better.LESS, EMPTY, List.of(
                    new Variant(EMPTY, () -> lane.empty(packets)),
                    new Variant(MANX, () -> lane.run(packets, Lane.SHOT))));
            if (droppedByPolicy(manx) - before < (long) packets * rounds) {
                throw new IllegalStateException("not every packet was denied: " + manx.engine().view().drops());
            }
        }
    }

    private static long droppedByPolicy(Dataplane manx) {
        return manx.dropped(Lab.CLIENT_PORT, "policy-default") + manx.dropped(Lab.CLIENT_PORT, "policy-deny");
    }
}
