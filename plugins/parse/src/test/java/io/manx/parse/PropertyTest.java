package io.manx.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Outcome;
import io.manx.testkit.Verdict;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The stage and the {@link Referee} agree about random and mutated packets: 20,000, or a million with {@code -Dmanx.long=true}.
 * The seed is printed; {@code -Dmanx.seed=SEED} does it again.
 */
class PropertyTest {
    private static final int SOME_INTERFACE = 7;
    /** More than there are cells: a fragment that is thrown out is counted at another one than the packet at hand. */
    private static final int ATTACH_POINTS = 1000;

    private static final int PACKETS = Boolean.getBoolean("manx.long") ? 1_000_000 : 20_000;
    private static final long SEED = Long.getLong("manx.seed", System.nanoTime());

    /** What becomes of a fragment may depend on others that chance has made of its datagram. */
    private static final Set<String> BY_OTHERS = Set.of(
            "REASON_FRAGMENT_DUPLICATE", "REASON_FRAGMENT_OVERLAP", "REASON_FRAGMENT_END", "REASON_FRAGMENT_EARLY");

    @Test
    void neverPassesWhatIsMalformedAndNeverDropsWhatIsWhole() {
        System.out.println("property: parse, " + PACKETS + " packets, -Dmanx.seed=" + SEED);
        RandomPackets packets = new RandomPackets(SEED);
        Map<String, Integer> seen = new TreeMap<>();
        int held = 0;
        long begin = System.nanoTime();
        try (ParseStage parse = new ParseStage()) {
            for (int i = 0; i < PACKETS; i++) {
                byte[] packet = packets.next();
                Referee.Judgement judgement = Referee.judge(packet);
                Outcome outcome = parse.run(packet, "DIRECTION_INGRESS", SOME_INTERFACE, held % ATTACH_POINTS);
                assertThat(agree(judgement, outcome))
                        .as("packet %d of seed %d: %s by the referee, %s; %s",
                                i, SEED, judgement, outcome, HexFormat.of().formatHex(packet))
                        .isTrue();
                held += outcome.verdict() == Verdict.KEPT ? 1 : 0;
                seen.merge(judgement + " " + outcome.verdict() + " " + outcome.reason(), 1, Integer::sum);
            }
        }
        System.out.printf("property: %.1f s, %s%n", (System.nanoTime() - begin) / 1e9, seen);
        assertThat(seen.keySet().stream().filter(how -> how.startsWith("MALFORMED")).count()).isGreaterThan(20);
        assertThat(seen.get("WHOLE NEXT REASON_NONE")).isGreaterThan(PACKETS / 5);
    }

    /** The referee would notice: here the stage is told to pass what the referee calls malformed. */
    @Test
    void findsAStageThatPassesWhatItShouldDrop() {
        RandomPackets packets = new RandomPackets(SEED);
        int found = 0;
        try (ParseStage parse = new ParseStage()) {
            new ParseSettings(false, false).writeTo(parse.context());
            for (int i = 0; i < 2_000; i++) {
                byte[] packet = packets.next();
                if (Referee.judge(packet) == Referee.Judgement.MALFORMED) {
                    Outcome outcome = parse.run(packet, "DIRECTION_INGRESS", SOME_INTERFACE, i % ATTACH_POINTS);
                    found += outcome.verdict() == Verdict.DROP ? 0 : 1;
                }
            }
        }
        assertThat(found).isPositive();
    }

    private static boolean agree(Referee.Judgement judgement, Outcome outcome) {
        Verdict verdict = outcome.verdict();
        return switch (judgement) {
            case WHOLE -> verdict == Verdict.NEXT;
            case STACK -> verdict == Verdict.PASS;
            case MALFORMED -> verdict == Verdict.DROP && !BY_OTHERS.contains(outcome.reason());
            case FRAGMENT -> verdict == Verdict.NEXT || verdict == Verdict.KEPT || BY_OTHERS.contains(outcome.reason());
        };
    }
}
