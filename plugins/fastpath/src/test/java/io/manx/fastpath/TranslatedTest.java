package io.manx.fastpath;

import static io.manx.fastpath.Given.ESTABLISHED;
import static io.manx.fastpath.Given.TRANSLATED;
import static io.manx.fastpath.Given.handedOver;
import static io.manx.fastpath.Given.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets of flows whose addresses change. */
class TranslatedTest extends OnTwins {
    TranslatedTest() {
        super(true);
    }

    private Talk settled(String kind, boolean portChanges) {
        Given.backends(twins, portChanges);
        Talk talk = Talk.translated(kind, 40000, portChanges);
        talk.settle(twins);
        return talk;
    }

    private static void rightFrom(Twins.Step step, Talk talk, InetAddress source, InetAddress destination) {
        byte[] packet = step.ran().packet();
        int at = talk.v4() ? 26 : 22;
        int size = source.getAddress().length;
        assertThat(Packets.checksumErrors(packet)).isEmpty();
        assertThat(Arrays.copyOfRange(packet, at, at + size)).isEqualTo(source.getAddress());
        assertThat(Arrays.copyOfRange(packet, at + size, at + 2 * size)).isEqualTo(destination.getAddress());
    }

    @ParameterizedTest
    @CsvSource({
        "tcp4, true", "tcp6, true", "udp4, true", "udp6, true", "tcp4, false", "tcp6, false", "udp4, false", "udp6, false",
    })
    void takesTheOriginators(String kind, boolean portChanges) {
        Talk talk = settled(kind, portChanges);
        for (int bytes : new int[] {0, 1, 2, 3, 700, 701}) {
            Twins.Step step = took(talk.say(twins, true, talk.out().payload(bytes)), TRANSLATED);
            rightFrom(step, talk, talk.client, talk.server);
        }
        byte[] packet = talk.out().payload(33).build();
        took(twins.pass("verified", packet, Start.verifiedSum()), TRANSLATED);
        took(twins.pass("marked", packet, Start.marked(0x7d345678)), TRANSLATED);
        handedOver(twins.pass("last hop", talk.out().payload(33).ttl(1).build()));
    }

    @ParameterizedTest
    @CsvSource({
        "tcp4, true", "tcp6, true", "udp4, true", "udp6, true", "tcp4, false", "tcp6, false", "udp4, false", "udp6, false",
    })
    void takesReplies(String kind, boolean portChanges) {
        Talk talk = settled(kind, portChanges);
        for (int bytes : new int[] {0, 1, 2, 3, 700, 701}) {
            Twins.Step step = took(talk.say(twins, false, talk.back().payload(bytes)), TRANSLATED);
            rightFrom(step, talk, talk.asked, talk.client);
        }
    }

    @ParameterizedTest
    @CsvSource({"udp4, true", "udp6, true", "udp4, false", "udp6, false"})
    void leavesADatagramWithoutAChecksumWithoutOne(String kind, boolean portChanges) {
        Talk talk = settled(kind, portChanges);
        for (boolean byClient : new boolean[] {true, false}) {
            byte[] packet = Packets.with(talk.next(byClient).payload(20).build(), talk.l4() + 6, 0, 0);
            Twins.Step step = took(twins.pass("no checksum", packet), TRANSLATED);
            assertThat(Arrays.copyOfRange(step.ran().packet(), talk.l4() + 6, talk.l4() + 8)).containsOnly(0);
        }
    }

    /** Whatever the checksum is, also those that come to zero: both chains write the same. */
    @ParameterizedTest
    @CsvSource({"tcp4, true", "tcp6, true", "udp4, true", "udp6, true", "udp4, false", "udp6, false", "tcp4, false"})
    void changesAnyChecksumAlike(String kind, boolean portChanges) {
        Talk talk = settled(kind, portChanges);
        byte[] packet = talk.out().payload(2).build();
        int at = talk.l4() + (talk.tcp ? 20 : 8);
        int check = talk.l4() + (talk.tcp ? 16 : 6);
        for (int word = 0; word < 1 << 16; word += 257) {
            byte[] other = Packets.with(packet, check, word >> 8, word);
            took(twins.pass("checksum " + word, Packets.with(other, at, word, word >> 8)), TRANSLATED);
        }
        /* The one that comes to zero: found by what any other becomes. */
        byte[] ran = twins.pass("any", Packets.with(packet, check, 1, 0)).ran().packet();
        int became = (ran[check] & 0xff) << 8 | ran[check + 1] & 0xff;
        for (int word : new int[] {0x0100 - became, 0x0100 - became - 1, 0x0100 - became + 1, 0xffff, 0xfffe, 1, 0}) {
            took(twins.pass("checksum to zero", Packets.with(packet, check, word >> 8, word)), TRANSLATED);
        }
    }

    @ParameterizedTest
    @CsvSource({"tcp4, 192.0.2.1", "udp4, fe80::1", "udp4, 192.0.2.1", "tcp6, fe80::1", "udp6, fe80::1"})
    void goesByAGateway(String kind, String gateway) {
        for (InetAddress to : new InetAddress[] {Talk.CLIENT4, Talk.CLIENT6, Talk.SERVER4, Talk.SERVER6}) {
            twins.route(to, "ROUTE_NEIGHBOUR", Given.UPLINK, 1500, Packets.address(gateway));
        }
        Talk talk = settled(kind, true);
        took(talk.say(twins, true, talk.out().payload(10)), TRANSLATED);
        took(talk.say(twins, false, talk.back().payload(10)), TRANSLATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void goesIntoAWorkload(String kind) {
        twins.macs(9, new byte[] {2, 0, 0, 0, 9, 1}, new byte[] {2, 0, 0, 0, 9, 2});
        twins.route(Talk.SERVER4, "ROUTE_WORKLOAD", 9, 1500, null);
        twins.route(Talk.SERVER6, "ROUTE_WORKLOAD", 9, 1500, null);
        Talk talk = settled(kind, true);
        Twins.Step step = took(talk.say(twins, true, talk.out().payload(10)), TRANSLATED);
        rightFrom(step, talk, talk.client, talk.server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void isLeftToTheOthersWhereItStaysHere(String kind) {
        twins.route(Talk.SERVER4, "ROUTE_LOCAL", 1, 1500, null);
        twins.route(Talk.SERVER6, "ROUTE_STACK", 1, 1500, null);
        Talk talk = settled(kind, true);
        handedOver(talk.say(twins, true, talk.out().payload(10)));
        talk.say(twins, false, talk.back().payload(10));
    }

    /** A datagram past nat already: seen again by a second attach point. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void leavesWhatIsPastNatToTheOthers(String kind) {
        Talk talk = settled(kind, true);
        Talk past = Talk.direct(kind, 40000);
        past.clientNext = talk.clientNext;
        past.serverNext = talk.serverNext;
        for (int i = 0; i < 3; i++) {
            PacketBuilder packet = past.out().payload(10);
            handedOver(twins.pass("past nat", packet.build()));
        }
    }

    /** The kernel's sum must follow the packet: the test run fails where it does not. */
    @ParameterizedTest
    @CsvSource({"tcp4, true", "udp4, true", "tcp4, false", "udp4, false"})
    void leavesWhatTheKernelHoldsASumOfToTheOthers(String kind, boolean portChanges) {
        Talk talk = settled(kind, portChanges);
        assumeTrue(twins.canBeSummed(talk.out().payload(9).build()), "Linux 6.15 can make such packets");
        Twins.Step step = handedOver(twins.pass("summed", talk.out().payload(9).build(), Start.bySummingDevice()));
        rightFrom(step, talk, talk.client, talk.server);
        step = handedOver(twins.pass("summed reply", talk.back().payload(9).build(), Start.bySummingDevice()));
        rightFrom(step, talk, talk.asked, talk.client);
        Talk direct = Talk.direct(kind, 40001);
        direct.settle(twins);
        took(twins.pass("nothing to translate", direct.out().payload(9).build(), Start.bySummingDevice()), ESTABLISHED);
    }

    private void forwards(Tables.Change change) {
        twins.change((key, flow) -> {
            if (twins.layout().field("translate").get(flow) == twins.constant("TRANSLATE_DESTINATION")) {
                change.apply(key, flow);
            }
        });
    }

    /** The connection's state is in the forward entry. */
    @ParameterizedTest
    @CsvSource({"tcp4, true", "tcp6, true", "tcp4, false", "tcp6, false"})
    void asksTheForwardEntryAboutTcpsReplies(String kind, boolean portChanges) {
        Talk talk = settled(kind, portChanges);
        var said = twins.layout().field("said[1]");
        var flags = twins.layout().field("flags");
        took(talk.say(twins, false, talk.back().payload(9)), TRANSLATED);
        forwards((key, flow) -> said.set(flow, said.get(flow) & ~twins.constant("SAID_REPLIES")));
        handedOver(talk.say(twins, false, talk.back().payload(9)));
        took(talk.say(twins, false, talk.back().payload(9)), TRANSLATED);
        forwards((key, flow) -> flags.set(flow, flags.get(flow) | twins.constant("FLOW_LIBERAL")));
        handedOver(talk.say(twins, false, talk.back().payload(9)));
        forwards((key, flow) -> flags.set(flow, flags.get(flow) & ~twins.constant("FLOW_LIBERAL")));
        took(talk.say(twins, false, talk.back().payload(9)), TRANSLATED);
        twins.rejudge();
        handedOver(talk.say(twins, false, talk.back().payload(9)));
        took(talk.say(twins, false, talk.back().payload(9)), TRANSLATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void leavesRepliesWithoutAForwardEntryToTheOthers(String kind) {
        Talk talk = settled(kind, true);
        twins.forget(Talk.FRONTEND_PORT);
        handedOver(talk.say(twins, false, talk.back().payload(9)));
        handedOver(talk.say(twins, true, talk.out().payload(9)));
    }

    /** Another flow has the key since. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void leavesRepliesToAnotherFlowsEntryToTheOthers(String kind) {
        Talk talk = settled(kind, true);
        took(talk.say(twins, false, talk.back().payload(9)), TRANSLATED);
        var other = twins.layout().field("gateway[1].word[3]");
        forwards((key, flow) -> other.set(flow, other.get(flow) ^ 0x01000000));
        handedOver(talk.say(twins, false, talk.back().payload(9)));
        forwards((key, flow) -> other.set(flow, other.get(flow) ^ 0x01000000));
        took(talk.say(twins, false, talk.back().payload(9)), TRANSLATED);
        var translate = twins.layout().field("translate");
        forwards((key, flow) -> translate.set(flow, 0));
        handedOver(talk.say(twins, false, talk.back().payload(9)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void repliesInTheWindowAndBeyond(String kind) {
        int taken = 0;
        int left = 0;
        for (boolean checks : new boolean[] {true, false}) {
            twins.configure(true, checks);
            for (int edge : new int[] {0, 64240, -64240, 66000, -66000, 64240 * 4, -64240 * 4, 64240 * 128, 1 << 30, -(1 << 30)}) {
                for (int off = -2; off <= 2; off++) {
                    for (boolean sequence : new boolean[] {true, false}) {
                        twins.clear();
                        Talk talk = settled(kind, true);
                        int by = edge + off;
                        byte[] packet = talk.back()
                                .sequence(talk.serverNext + (sequence ? by : 0), talk.clientNext + (sequence ? 0 : by))
                                .payload(10)
                                .build();
                        Twins.Step step = twins.pass("by " + by + (sequence ? " of sequence" : " of ack"), packet);
                        taken += step.byFastpath() ? 1 : 0;
                        left += step.byFastpath() ? 0 : 1;
                        talk.say(twins, true, talk.out().payload(10));
                    }
                }
            }
        }
        twins.configure(true, true);
        assertThat(taken).as("some are in the window").isPositive();
        assertThat(left).as("some are not").isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void connectionsThatEndAndBeginAgain(String kind) {
        for (String[] last : new String[][] {{"FIN", "ACK"}, {"RST"}, {"SYN"}, {"SYN", "ACK"}, {"RST", "ACK"}}) {
            for (boolean byClient : new boolean[] {true, false}) {
                twins.clear();
                Talk talk = settled(kind, true);
                handedOver(talk.say(twins, byClient, talk.next(byClient, last)));
                for (int i = 0; i < 2; i++) {
                    talk.say(twins, !byClient, talk.next(!byClient, "ACK").payload(10));
                    talk.say(twins, byClient, talk.next(byClient, "ACK").payload(10));
                }
                talk.clientNext += 1 << 20;
                talk.serverNext += 1 << 21;
                talk.settle(twins);
                talk.say(twins, false, talk.back().payload(10));
            }
        }
    }
}
