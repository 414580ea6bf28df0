package io.manx.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Cidr;
import io.manx.api.resource.Endpoint;
import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.GlobalNetworkPolicy.Action;
import io.manx.api.resource.GlobalNetworkPolicy.Match;
import io.manx.api.resource.GlobalNetworkPolicy.PortRange;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.Resource.Source;
import io.manx.api.resource.Resources;
import io.manx.api.resource.Selector;
import io.manx.policy.Evaluator.Packet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random policies and packets: the program in the kernel says what the rules mean, one after the other. */
class DifferentialTest {
    private static final int CONFIGURATIONS = 200;
    private static final int PACKETS = 40;
    private static final List<String> V4 = List.of("10.0.0.1", "10.0.0.2", "10.0.1.1", "192.0.2.1", "198.51.100.7");
    private static final List<String> V6 = List.of("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "fd00::1");
    private static final List<String> NETS = List.of(
            "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/31", "10.0.0.1/32", "192.0.2.0/24", "::/0",
            "2001:db8::/32", "2001:db8::/64", "2001:db8::1/128");
    private static final List<List<String>> NETS_OF_ONE_LENGTH = List.of(
            List.of("10.0.0.1/32", "192.0.2.1/32", "198.51.100.7/32", "2001:db8::1/128", "fd00::1/128"),
            List.of("10.0.0.0/24", "10.0.1.0/24", "192.0.2.0/24", "2001:db8::/64", "2001:db8:0:1::/64"),
            List.of("0.0.0.0/0", "::/0"));
    private static final List<Integer> PORTS = List.of(0, 22, 80, 443, 8080, 65535);
    private static final List<Integer> PROTOCOLS = List.of(1, 6, 17, 58);
    private static final Map<Integer, String> INTERFACES =
            Map.of(PolicyStage.UPLINK, "eth0", PolicyStage.DB, "veth-db", PolicyStage.WEB, "veth-web");

    private final Random random = new Random(20260);
    /** What the rules of the configuration at hand choose from: tables of one length of prefix are looked up otherwise. */
    private List<String> nets = NETS;

    private boolean ranges;

    @Test
    void judgesAsTheRulesSay() {
        Map<String, Integer> seen = new HashMap<>();
        try (PolicyStage stage = new PolicyStage()) {
            for (int i = 0; i < CONFIGURATIONS; i++) {
                nets = random.nextBoolean() ? NETS : pick(NETS_OF_ONE_LENGTH);
                ranges = random.nextBoolean();
                Resources resources = PolicyStageTest.resources(
                        some(5, this::policy).toArray(GlobalNetworkPolicy[]::new));
                stage.with(resources);
                for (int j = 0; j < PACKETS; j++) {
                    seen.merge(judge(stage, resources, packet(), i), 1, Integer::sum);
                }
            }
        }
        assertThat(seen).as("verdicts that occurred").hasSize(3).allSatisfy((reason, count) -> assertThat(count)
                .as(reason)
                .isGreaterThan(CONFIGURATIONS));
    }

    private String judge(PolicyStage stage, Resources resources, Packet packet, int configuration) {
        Evaluator evaluator = new Evaluator(resources);
        List<Integer> indexes = new ArrayList<>(INTERFACES.keySet().stream().sorted().toList());
        int from = pick(indexes);
        indexes.remove(Integer.valueOf(from));
        int to = pick(indexes);
        String expected;
        String found;
        switch (random.nextInt(4)) {
            case 0 -> {
                expected = evaluator.judge(endpoint(resources, from), true, false, packet);
                found = stage.toHost(from, packet);
            }
            case 1 -> {
                expected = evaluator.judge(endpoint(resources, to), false, false, packet);
                found = stage.fromHost(to, packet);
            }
            default -> {
                String first = evaluator.judge(endpoint(resources, from), true, true, packet);
                expected = first.equals(Evaluator.ALLOWED)
                        ? evaluator.judge(endpoint(resources, to), false, true, packet)
                        : first;
                found = stage.forward(from, to, packet);
            }
        }
        assertThat(found)
                .as("configuration %d, %s from %d to %d", configuration, packet, from, to)
                .isEqualTo(expected);
        return found;
    }

    private static Endpoint endpoint(Resources resources, int index) {
        return Compiler.byInterface(resources).get(INTERFACES.get(index));
    }

    private Packet packet() {
        List<String> addresses = random.nextBoolean() ? V4 : V6;
        int protocol = pick(PROTOCOLS);
        boolean first = random.nextInt(8) > 0;
        boolean numbers = protocol == Given.TCP || protocol == Given.UDP;
        return new Packet(
                protocol,
                first,
                Given.address(pick(addresses)),
                numbers ? pick(PORTS) : 0,
                Given.address(pick(addresses)),
                numbers ? pick(PORTS) : 0);
    }

    private GlobalNetworkPolicy policy() {
        boolean ingress = random.nextInt(3) > 0;
        return new GlobalNetworkPolicy(
                "policy-" + random.nextInt(1_000_000),
                new Source("random.yaml", 1),
                random.nextInt(4) == 0 ? OptionalDouble.empty() : OptionalDouble.of(random.nextInt(3)),
                selector(),
                ingress,
                !ingress || random.nextBoolean(),
                random.nextBoolean(),
                rules(),
                rules());
    }

    /** Sometimes with so many between them that no packet matches that the others are blocks apart. */
    private List<Rule> rules() {
        int between = random.nextInt(8) == 0 ? random.nextInt(600) : 0;
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : some(6, this::rule)) {
            rules.add(rule);
            rules.addAll(Collections.nCopies(between, Given.deny(Given.TCP, Given.nets("203.0.113.0/24"), Match.ANY)));
        }
        return rules;
    }

    private Rule rule() {
        return new Rule(
                random.nextBoolean() ? Action.ALLOW : Action.DENY,
                maybe(() -> pick(PROTOCOLS)),
                random.nextInt(5) == 0 ? Optional.of(random.nextBoolean() ? 4 : 6) : Optional.empty(),
                match(),
                match());
    }

    private Match match() {
        return new Match(
                random.nextInt(3) == 0 ? some(3, this::net) : List.of(),
                random.nextInt(4) == 0 ? some(2, this::net) : List.of(),
                random.nextInt(5) == 0 ? Optional.of(selector()) : Optional.empty(),
                random.nextInt(3) == 0 ? some(3, this::ports) : List.of());
    }

    private Cidr net() {
        return Given.net(pick(nets));
    }

    private PortRange ports() {
        int one = pick(PORTS);
        int other = ranges ? pick(PORTS) : one;
        return new PortRange(Math.min(one, other), Math.max(one, other));
    }

    private Selector selector() {
        return random.nextInt(3) == 0 ? Given.all() : Given.role(pick(List.of("db", "web", "uplink", "nobody")));
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private <T> List<T> some(int most, Supplier<T> one) {
        return IntStream.range(0, random.nextInt(most + 1)).mapToObj(i -> one.get()).toList();
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
