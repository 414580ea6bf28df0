package io.manx.itest.conntrack;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The scenario of a number: what a seed makes of it is the same in every run. */
final class Scenarios {
    private record Kind(String name, int weight, Function<RandomGenerator, List<Step>> maker) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("tcp", 30, TcpScenarios::honest),
            new Kind("tcp picked up", 8, TcpScenarios::pickedUp),
            new Kind("tcp denied", 5, TcpScenarios::denied),
            new Kind("tcp opened by both", 3, TcpScenarios::openedByBoth),
            new Kind("tcp hostile", 20, HostileScenarios::hostile),
            new Kind("udp", 8, UdpScenarios::scenario),
            new Kind("sctp", 5, SctpScenarios::scenario),
            new Kind("gre", 3, GreScenarios::scenario),
            new Kind("icmp", 6, IcmpScenarios::scenario),
            new Kind("icmp errors", 10, ErrorScenarios::scenario),
            new Kind("fragments", 10, FragmentScenarios::scenario),
            new Kind("malformed", 10, MalformedScenarios::scenario));
    private static final int WEIGHTS = KINDS.stream().mapToInt(Kind::weight).sum();

    private Scenarios() {}

    static Scenario of(long seed, int number, Wire wire) {
        RandomGenerator random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        int left = random.nextInt(WEIGHTS);
        for (Kind kind : KINDS) {
            left -= kind.weight();
            if (left < 0) {
                List<Step> steps = List.copyOf(kind.maker().apply(random));
                return new Scenario(seed, number, kind.name(), wire.tags(random), steps);
            }
        }
        throw new AssertionError("unreachable: the weights make " + WEIGHTS);
    }
}
