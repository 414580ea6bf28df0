package io.manx.parse;

import static io.manx.parse.ParseStage.CLIENT;
import static io.manx.parse.ParseStage.CLIENT6;
import static io.manx.parse.ParseStage.SERVER;
import static io.manx.parse.ParseStage.SERVER6;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Outcome;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random fragments behind their first one, against a model that keeps every byte of the datagram: what is new passes, alone. */
class DatagramPropertyTest {
    private static final long SEED = Long.getLong("manx.seed", System.nanoTime());
    private static final int DATAGRAMS = Boolean.getBoolean("manx.long") ? 50_000 : 800;

    /** Bytes of one datagram that have come. */
    private static final class Model {
        private final BitSet bytes = new BitSet();
        private int end = -1;
        private int reach;
        private boolean broken;

        String add(int at, int length, boolean more) {
            if (broken) {
                return "REASON_FRAGMENT_OVERLAP";
            }
            /* The last fragment's unit of 8 bytes is its own to the end. */
            BitSet units = new BitSet();
            units.set(at, at + (length + 7) / 8 * 8);
            int until = at + length;
            boolean fits = end < 0 ? more || reach < until : more ? until < end : until == end;
            if (!fits) {
                broken = true;
                return "REASON_FRAGMENT_END";
            }
            BitSet known = (BitSet) units.clone();
            known.and(bytes);
            if (known.equals(units)) {
                return "REASON_FRAGMENT_DUPLICATE";
            }
            broken = !known.isEmpty();
            bytes.or(units);
            end = more ? end : until;
            reach = Math.max(reach, until);
            return broken ? "REASON_FRAGMENT_OVERLAP" : "REASON_NONE";
        }

        boolean complete() {
            return end >= 0 && bytes.cardinality() >= end;
        }
    }

    @Test
    void passesWhatIsNewOfADatagramAndNothingElse() {
        System.out.println("property: fragments of " + DATAGRAMS + " datagrams, -Dmanx.seed=" + SEED);
        Random random = new Random(SEED);
        Map<String, Integer> seen = new TreeMap<>();
        try (ParseStage parse = new ParseStage()) {
            for (int id = 1; id <= DATAGRAMS; id++) {
                Model model = new Model();
                boolean v4 = random.nextBoolean();
                int first = 8 * (1 + random.nextInt(8));
                check(parse, model, udp(v4, id), 0, first, true, seen);
                for (int i = random.nextInt(12); i > 0 && !model.complete(); i--) {
                    boolean more = random.nextInt(5) > 0;
                    int length = more ? 8 * (1 + random.nextInt(6)) : 1 + random.nextInt(48);
                    check(parse, model, udp(v4, id), 8 * (1 + random.nextInt(30)), length, more, seen);
                }
            }
        }
        System.out.println("property: " + seen);
        assertThat(seen.keySet())
                .contains("REASON_NONE", "REASON_FRAGMENT_DUPLICATE", "REASON_FRAGMENT_OVERLAP", "REASON_FRAGMENT_END");
    }

    private static void check(
            ParseStage parse, Model model, PacketBuilder datagram, int at, int length, boolean more, Map<String, Integer> seen) {
        String expected = model.add(at, length, more);
        byte[] packet = datagram.payload(at == 0 ? length - 8 : length).fragment(at, more).build();
        Outcome outcome = parse.run(packet);
        assertThat(outcome.reason()).as("%d bytes at %d, more: %s, seed %d", length, at, more, SEED).isEqualTo(expected);
        seen.merge(expected, 1, Integer::sum);
    }

    private static PacketBuilder udp(boolean v4, int id) {
        return Packets.udp(v4 ? CLIENT : CLIENT6, 1, v4 ? SERVER : SERVER6, 2).identification(id);
    }
}
