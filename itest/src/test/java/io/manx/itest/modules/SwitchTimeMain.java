package io.manx.itest.modules;

import io.manx.api.resource.EndpointSlice;
import io.manx.api.resource.EndpointSlice.Backend;
import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.GlobalNetworkPolicy.Action;
import io.manx.api.resource.GlobalNetworkPolicy.Match;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.Resource.Source;
import io.manx.api.resource.Resources;
import io.manx.api.resource.Selector;
import io.manx.api.resource.Service;
import io.manx.core.AttachMode;
import io.manx.core.Engine;
import io.manx.core.StageDescriptor;
import io.manx.core.StageJars;
import io.manx.libbpf.netlink.RtNetlink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Measures how long a switch takes: replaces every stage of the default pipeline in turn, and two at once for
 * generations. Does so once for each line it reads. Arguments: state folder, interface, rounds, jars of
 * stages.
 */
final class SwitchTimeMain {
    private static final Source HERE = new Source("SwitchTimeMain", 1);

    private final Engine engine;
    private final Map<String, StageDescriptor> stages = new LinkedHashMap<>();
    private long lost;

    private SwitchTimeMain(Engine engine, List<StageDescriptor> first) {
        this.engine = engine;
        first.forEach(stage -> stages.put(stage.name(), stage));
    }

    public static void main(String[] arguments) throws Exception {
        List<Path> jars = Arrays.stream(arguments).skip(3).map(Path::of).toList();
        int rounds = Integer.parseInt(arguments[2]);
        try (RtNetlink network = new RtNetlink();
                Engine engine = new Engine(
                        new Engine.Options(Path.of(arguments[0]), AttachMode.AUTO, Set.of(arguments[1])), network);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
            SwitchTimeMain measurement = new SwitchTimeMain(engine, StageJars.of(jars, ModulePathMain::control));
            measurement.start(arguments[1]);
            System.out.println("chain " + String.join(" ", measurement.stages.keySet()));
            for (String when = in.readLine(); when != null; when = in.readLine()) {
                measurement.measure(when, rounds);
            }
            System.out.println("lost " + measurement.lost);
        }
    }

    private void start(String interfaceName) throws IOException {
        engine.resources(resources(interfaceName));
        stages.values().forEach(engine::offer);
        engine.start();
        List<String> chain = engine.view().pipelines().get(0).lanes().first().stream().map(row -> row.name()).toList();
        if (chain.size() != stages.size()) {
            throw new IllegalStateException("only " + chain + " are in the pipeline");
        }
    }

    private void measure(String when, int rounds) {
        List<Double> all = new ArrayList<>();
        Map<String, List<Double>> each = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String stage : stages.keySet()) {
                double micros = replace(stage);
                each.computeIfAbsent(stage, s -> new ArrayList<>()).add(micros);
                all.add(micros);
            }
        }
        each.forEach((stage, micros) -> print(when, stage, micros));
        print(when, "one slot, all", all);
        List<Double> flips = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            flips.add(replace("policy", "routes"));
        }
        print(when, "generation", flips);
    }

    /** @return microseconds that the write took which packets can see */
    private double replace(String... names) {
        for (String name : names) {
            StageDescriptor old = stages.get(name);
            StageDescriptor next = StageJars.next(old, "99.0.0", ModulePathMain::control);
            engine.withdraw(old);
            engine.offer(next);
            stages.put(name, next);
        }
        Engine.Settled change = engine.settle("measurement").orElseThrow();
        lost += change.lost();
        return change.switchMicros();
    }

    private static void print(String when, String what, List<Double> micros) {
        List<Double> sorted = micros.stream().sorted().toList();
        System.out.printf("%s; %s; median %.0f; p10 %.0f; p90 %.0f; of %d%n", when, what, sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() / 10), sorted.get(sorted.size() * 9 / 10), sorted.size());
    }

    // ---- resources by which no stage is idle

    private record Everything() implements Selector {
        @Override
        public boolean matches(Map<String, String> labels) {
            return true;
        }

        @Override
        public String text() {
            return "all()";
        }
    }

    private static Resources resources(String interfaceName) throws IOException {
        Rule allow = new Rule(Action.ALLOW, Optional.empty(), Optional.empty(), Match.ANY, Match.ANY);
        GlobalNetworkPolicy policy = new GlobalNetworkPolicy(
                "allow", HERE, OptionalDouble.empty(), new Everything(), true, true, false, List.of(allow), List.of(allow));
        List<Service.Port> ports = List.of(new Service.Port("", 17, 53));
        Service service = new Service("default/dns", HERE, List.of(InetAddress.getByName("10.96.0.10")), ports);
        EndpointSlice slice = new EndpointSlice(
                "default/dns-1", HERE, "default/dns", List.of(new Backend(InetAddress.getByName("192.0.2.2"), true)), ports);
        HostEndpoint endpoint = new HostEndpoint("here", HERE, Map.of(), interfaceName, List.of());
        return new Resources(List.of(endpoint), List.of(), List.of(policy), List.of(service), List.of(slice), List.of());
    }
}
