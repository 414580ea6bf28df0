package io.manx.bench.growth;

import io.manx.bench.lab.Config;
import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Flows;
import io.manx.bench.lab.Flows.Turn;
import io.manx.bench.lab.Lab;
import io.manx.bench.lab.Objects;
import io.manx.bench.lab.Stages;
import io.manx.bench.paths.Connections;
import io.manx.bench.programs.Conversation;
import io.manx.bench.programs.Established;
import io.manx.bench.programs.Lane;
import io.manx.bench.programs.ProgramsSuite;
import io.manx.bench.programs.Rivals;
import io.manx.bench.result.Series;
import io.manx.bench.result.Series.Better;
import io.manx.bench.run.Bench;
import io.manx.bench.run.Commands;
import io.manx.bench.run.Effort;
import io.manx.bench.run.Variant;
import io.manx.core.StageDescriptor;
import io.manx.core.WhichPackets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How cost grows: rules, services, routes, flows, interfaces, stages. */
public final class GrowthSuite {
    public static final String SUITE = "growth";
    /** Those that are in the chain where others are too: fastpath goes out of it then. */
    private static final int DEFAULT_STAGES = 7;
    private static final int NEW_FLOWS = 10_000;

    private final Bench bench;

    public GrowthSuite(Bench bench) {
        this.bench = bench;
    }

    public void run() throws Exception {
        new Connections(bench).rules(steps("10", "10 1000", "10 100 1000 10000"));
        new Connections(bench).services(steps("1", "1 1000", "1 10 100 1000 10000"));
        flows(steps("1", "1 1000 64000", "1 1000 8000 64000 256000 512000"));
        routes(steps("10", "10 10000", "10 1000 10000 100000 255000"));
        interfaces(steps("2", "2 50", "1 10 50 100 200"));
        stages(steps("8", "7 14 24", "7 8 10 12 16 20 24"));
    }

    private int[] steps(String tiny, String quick, String full) {
        Effort effort = bench.effort();
        String steps = effort.isTiny() ? tiny : effort.isFull() ? full : quick;
        return Stream.of(steps.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    private void flows(int[] steps) throws Exception {
        try (Lab lab = new Lab();
                Dataplane manx = lab.manx(ProgramsSuite.resources());
                Rivals rivals = new Rivals()) {
            Established known = new Established(bench, manx, rivals);
            for (int number : steps) {
                known.measure(Conversation.plain("udp", 4), SUITE, "known flows, met at random: " + number,
                        new Flows(number, Turn.AT_RANDOM));
            }
        }
    }

    /** The table holds 256,000, and the lab's own are among them. */
    private void routes(int[] steps) throws Exception {
        for (int number : steps) {
            if (!bench.hasTimeFor("growth, routes: " + number)) {
                continue;
            }
            try (Lab lab = new Lab()) {
                String batch = IntStream.range(0, number)
                        .mapToObj(i -> "route add 100." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + "/32 via " + Lab.SERVER4 + "\n")
                        .collect(Collectors.joining());
                Commands.feed(batch, "ip", "-batch", "-");
                try (Dataplane manx = lab.manx(ProgramsSuite.resources())) {
                    newFlows(manx, "routes: " + number);
                }
            }
        }
    }

    private void newFlows(Dataplane manx, String what) throws Exception {
        int packets = Math.min(bench.effort().packets(), NEW_FLOWS);
        try (Lane lane = new Lane(manx, Conversation.plain("udp", 4), new Flows(packets, Turn.IN_TURN))) {
            bench.measure(SUITE, what, "ns", Better.LESS, ProgramsSuite.EMPTY, List.of(
                    new Variant(ProgramsSuite.EMPTY, () -> lane.empty(packets)),
                    new Variant("manx, new flow", () -> {
                        manx.forgetFlows();
                        lane.repeater().rewind();
                        return lane.runAtOnce(lane.entry(), packets, Lane.REDIRECT);
                    })));
        }
    }

    /** Beyond the lab's two: veths of which both ends are here. */
    private void interfaces(int[] steps) throws Exception {
        for (int number : steps) {
            if (!bench.hasTimeFor("growth, interfaces: " + number)) {
                continue;
            }
            try (Lab lab = new Lab()) {
                StringBuilder endpoints = new StringBuilder();
                StringBuilder batch = new StringBuilder();
                for (int i = 2; i < number; i++) {
                    batch.append("link add more%1$d type veth peer name peer%1$d\nlink set more%1$d up\n".formatted(i));
                    endpoints.append("""
                            apiVersion: projectcalico.org/v3
                            kind: HostEndpoint
                            metadata: {name: more%1$d, labels: {side: more}}
                            spec: {node: here, interfaceName: more%1$d}
                            ---
                            """.formatted(i));
                }
                Commands.feed(batch.toString(), "ip", "-batch", "-");
                long begin = System.nanoTime();
                try (Dataplane manx = lab.manx(ProgramsSuite.resources() + endpoints);
                        Rivals rivals = new Rivals()) {
                    double millis = (System.nanoTime() - begin) / 1e6;
                    new Established(bench, manx, rivals)
                            .measureManx(Conversation.plain("udp", 4), SUITE, "interfaces: " + number);
                    bench.add(List.of(new Series(SUITE, "time to load and attach, interfaces: " + number, "manx", "ms", Better.LESS,
                            "", List.of(millis))));
                } finally {
                    for (int i = 2; i < number; i++) {
                        Lab.ip("link del more" + i);
                    }
                }
            }
        }
    }

    private void stages(int[] steps) throws Exception {
        for (int number : steps) {
            if (!bench.hasTimeFor("growth, stages: " + number)) {
                continue;
            }
            try (Lab lab = new Lab();
                    Dataplane manx = lab.manx(ProgramsSuite.resources(), withPasses(number - DEFAULT_STAGES));
                    Rivals rivals = new Rivals()) {
                new Established(bench, manx, rivals)
                        .measureManx(Conversation.plain("udp", 4), SUITE, "stages, the seven default ones and others that do nothing: " + number);
            }
        }
    }

    /** The default ones, and others between conntrack and forward. */
    private static List<StageDescriptor> withPasses(int number) throws IOException {
        List<StageDescriptor> stages = new ArrayList<>(Stages.onClassPath());
        StageDescriptor parse = stages.stream().filter(stage -> stage.name().equals("parse")).findFirst().orElseThrow();
        for (int i = 1; i <= number; i++) {
            byte[] object = passAs("pass%02d".formatted(i));
            stages.add(new StageDescriptor("pass%02d".formatted(i), "io.manx.bench", 1000 + i, parse.version(), parse.hook(),
                    List.of("conntrack"), List.of("forward"), WhichPackets.EVERY, () -> object, false, Optional::empty));
        }
        return stages;
    }

    /** The object of pass00 under another name of as many letters: a stage's program is called after it. */
    private static byte[] passAs(String name) throws IOException {
        String object = new String(Objects.bytes("pass.bpf.o"), StandardCharsets.ISO_8859_1);
        return object.replace("pass00", name).getBytes(StandardCharsets.ISO_8859_1);
    }
}
