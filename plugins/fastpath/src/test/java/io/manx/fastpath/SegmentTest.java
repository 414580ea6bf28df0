package io.manx.fastpath;

import static io.manx.fastpath.Given.ESTABLISHED;
import static io.manx.fastpath.Given.handedOver;
import static io.manx.fastpath.Given.took;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Packets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What TCP segments do to their connection. */
class SegmentTest extends OnTwins {
    SegmentTest() {
        super(false);
    }

    private Talk settled(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        return talk;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void pushAndUrgentAreDataLikeAnyOther(String kind) {
        Talk talk = settled(kind);
        took(talk.say(twins, true, talk.out("PSH", "ACK").payload(10)), ESTABLISHED);
        took(talk.say(twins, false, talk.back("PSH", "URG", "ACK").payload(10)), ESTABLISHED);
        took(talk.say(twins, true, talk.out("URG", "ACK").payload(10)), ESTABLISHED);
        for (int rare : new int[] {0x40, 0x80, 0xc0, 0xc8}) {
            byte[] packet = talk.out().payload(10).build();
            took(twins.pass("ECN " + rare, Packets.with(packet, talk.l4() + 13, 0x10 | rare)), ESTABLISHED);
        }
    }

    /** All 64, on one connection each; of ECN's two see above. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void flagsOfEachKind(String kind) {
        for (int flags = 0; flags < 64; flags++) {
            twins.clear();
            Talk talk = settled(kind);
            boolean byClient = (flags & 1) == 0;
            byte[] packet = Packets.with(talk.next(byClient, "ACK").payload(10).build(), talk.l4() + 13, flags);
            Twins.Step step = twins.pass("flags " + flags, packet);
            assertThat(step.byFastpath()).as("flags %x", flags).isEqualTo((flags & 0x17) == 0x10);
            talk.say(twins, true, talk.out().payload(10));
            talk.say(twins, false, talk.back().payload(10));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void windowsGrowShrinkAndClose(String kind) {
        Talk talk = settled(kind);
        for (int window : new int[] {64240, 65535, 100, 0, 1, 0, 65535}) {
            took(talk.say(twins, true, talk.out().window(window)), ESTABLISHED);
            took(talk.say(twins, false, talk.back().payload(10)), ESTABLISHED);
            took(talk.say(twins, false, talk.back().window(window).payload(10)), ESTABLISHED);
            took(talk.say(twins, true, talk.out().payload(20)), ESTABLISHED);
        }
    }

    /** Around each edge of what is let through; checked or not. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void numbersInTheWindowAndBeyond(String kind) {
        for (boolean checks : new boolean[] {true, false}) {
            twins.configure(true, checks);
            int[] edges = {0, 1, -1, 1000, -1000, 66000, -66000, 65535, -65535, 64240, -64240,
                64240 * 4, -64240 * 4, 64240 * 128, -64240 * 128, 1 << 30, -(1 << 30), Integer.MAX_VALUE, Integer.MIN_VALUE};
            int taken = 0;
            int left = 0;
            for (int edge : edges) {
                for (int off = -1; off <= 1; off++) {
                    for (boolean sequence : new boolean[] {true, false}) {
                        twins.clear();
                        Talk talk = settled(kind);
                        boolean byClient = (off & 1) == 0;
                        int mine = byClient ? talk.clientNext : talk.serverNext;
                        int theirs = byClient ? talk.serverNext : talk.clientNext;
                        int by = edge + off;
                        byte[] packet = talk.next(byClient, "ACK")
                                .sequence(sequence ? mine + by : mine, sequence ? theirs : theirs + by)
                                .payload(10)
                                .build();
                        Twins.Step step = twins.pass("by " + by + (sequence ? " of sequence" : " of ack"), packet);
                        taken += step.byFastpath() ? 1 : 0;
                        left += step.byFastpath() ? 0 : 1;
                        talk.say(twins, true, talk.out().payload(10));
                        talk.say(twins, false, talk.back().payload(10));
                    }
                }
            }
            assertThat(taken).as("some are in the window").isPositive();
            assertThat(left).as("some are not").isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void theEndOfAConnection(String kind) {
        for (String[] last : new String[][] {{"FIN", "ACK"}, {"RST"}, {"RST", "ACK"}, {"SYN"}, {"SYN", "ACK"}}) {
            for (boolean byClient : new boolean[] {true, false}) {
                twins.clear();
                Talk talk = settled(kind);
                handedOver(talk.say(twins, byClient, talk.next(byClient, last)));
                talk.say(twins, !byClient, talk.next(!byClient, "ACK").payload(10));
                talk.say(twins, byClient, talk.next(byClient, "ACK"));
                talk.say(twins, !byClient, talk.next(!byClient, "FIN", "ACK"));
                talk.say(twins, byClient, talk.next(byClient, "ACK"));
                talk.say(twins, true, talk.out("SYN"));
                talk.say(twins, false, talk.back("SYN", "ACK"));
                talk.say(twins, true, talk.out());
                talk.say(twins, true, talk.out().payload(10));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void optionsOfEachLength(String kind) {
        Talk talk = settled(kind);
        for (int words = 0; words <= 10; words++) {
            took(talk.say(twins, true, talk.out().tcpOptions(new int[words * 4]).payload(5)), ESTABLISHED);
        }
        byte[] packet = talk.out().payload(20).build();
        for (int words = 0; words <= 15; words++) {
            Twins.Step step = twins.pass("offset " + words, Packets.with(packet, talk.l4() + 12, words << 4));
            assertThat(step.byFastpath()).as("offset of %d words", words).isEqualTo(words >= 5 && words <= 10);
        }
    }
}
