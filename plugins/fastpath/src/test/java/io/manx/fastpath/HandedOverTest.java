package io.manx.fastpath;

import static io.manx.fastpath.Given.ESTABLISHED;
import static io.manx.fastpath.Given.handedOver;
import static io.manx.fastpath.Given.took;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Packets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flows that are not settled, and packets that are not plain, take the way they always took. */
class HandedOverTest extends OnTwins {
    private static final long SECOND = 1_000_000_000L;
    private static final int NEVER = 0;

    HandedOverTest() {
        super(false);
    }

    private Talk settled(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        took(talk.say(twins, true, talk.out().payload(1)), ESTABLISHED);
        took(talk.say(twins, false, talk.back().payload(1)), ESTABLISHED);
        /* What it left behind among the young, which would lead whoever misses it to it. */
        twins.evictBeyond(0);
        return talk;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void aFlowNobodyKnows(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        handedOver(twins.pass("unknown", talk.out().payload(10).build()));
        handedOver(twins.pass("young", talk.out().payload(10).build()));
        handedOver(twins.pass("its reply", talk.back().payload(10).build()));
        twins.clear();
        twins.configure(false, true);
        handedOver(twins.pass("no pickup", talk.out().payload(10).build()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void aFlowOfAnotherEpoch(String kind) {
        Talk talk = settled(kind);
        twins.rejudge();
        handedOver(talk.say(twins, true, talk.out().payload(10)));
        took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        handedOver(talk.say(twins, false, talk.back().payload(10)));
        took(talk.say(twins, false, talk.back().payload(10)), ESTABLISHED);
        twins.set("epoch[0]", NEVER);
        handedOver(talk.say(twins, true, talk.out().payload(10)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void aLegThatHasNotSaidAll(String kind) {
        Talk talk = settled(kind);
        long all = twins.constant("SAID_ALL");
        twins.change((key, flow) -> {
            for (int leg = 0; leg < 2; leg++) {
                var said = twins.layout().field("said[" + leg + "]");
                said.set(flow, said.get(flow) & ~all);
            }
        });
        handedOver(talk.say(twins, true, talk.out().payload(10)));
        handedOver(talk.say(twins, false, talk.back().payload(10)));
        took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        took(talk.say(twins, false, talk.back().payload(10)), ESTABLISHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6"})
    void aFlowOfWhichNoWindowsAreKnown(String kind) {
        Talk talk = settled(kind);
        twins.change((key, flow) -> {
            var flags = twins.layout().field("flags");
            flags.set(flow, flags.get(flow) | twins.constant("FLOW_LIBERAL"));
        });
        for (int i = 0; i < 2; i++) {
            handedOver(talk.say(twins, true, talk.out().payload(10)));
            handedOver(talk.say(twins, false, talk.back().payload(10)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void aFlowThatWasPickedUpInItsMiddle(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        for (int i = 0; i < 6; i++) {
            talk.say(twins, true, talk.out().payload(10));
            talk.say(twins, false, talk.back().payload(10));
        }
        Twins.Step step = talk.say(twins, true, talk.out().payload(10));
        assertThat(step.byFastpath()).isEqualTo(!talk.tcp);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void aFlowThatWasSilentForLong(String kind) {
        Talk talk = settled(kind);
        long[] silences = {
            SECOND, 4 * SECOND, 6 * SECOND, 61 * SECOND, 179 * SECOND, 181 * SECOND, 3599 * SECOND, 3601 * SECOND,
        };
        for (long silent : silences) {
            twins.clear();
            talk = settled(kind);
            silent(silent);
            Twins.Step step = twins.passAsItIs("silent " + silent, talk.out().payload(10).build(), Start.PLAIN);
            assertThat(step.byFastpath()).as("silent for %d s", silent / SECOND).isEqualTo(silent <= 5 * SECOND);
            talk.say(twins, false, talk.back().payload(10));
        }
    }

    private void silent(long nanos) {
        twins.set("last_ns", System.nanoTime() - nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void anyFlowWhileTheConfigurationChanges(String kind) {
        Talk talk = settled(kind);
        twins.awake(0);
        handedOver(talk.say(twins, true, talk.out().payload(10)));
        handedOver(talk.say(twins, false, talk.back().payload(10)));
        twins.awake(5 * SECOND);
        took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void ipOptionsAndExtensionHeaders(String kind) {
        Talk talk = settled(kind);
        if (talk.v4()) {
            for (byte[] options : new byte[][] {{1, 1, 1, 1}, {7, 7, 4, 0, 0, 0, 0, 0}, {(byte) 0x94, 4, 0, 0}, {9, 0, 0, 0}}) {
                handedOver(twins.pass("options", talk.out().payload(10).ipv4Options(options).build()));
            }
        } else {
            for (int header : new int[] {0, 43, 60}) {
                handedOver(twins.pass("header " + header, talk.out().payload(10).extension(header, 8).build()));
            }
        }
        took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void fragments(String kind) {
        Talk talk = settled(kind);
        handedOver(twins.pass("first", talk.out().payload(100).fragment(0, true).identification(5).build()));
        handedOver(twins.pass("later", talk.out().payload(100).fragment(120, false).identification(5).build()));
        handedOver(twins.pass("early", talk.out().payload(96).fragment(120, true).identification(6).build()));
        handedOver(twins.pass("the first of all", talk.out().payload(100).fragment(0, true).identification(6).build()));
        Twins.Step step = talk.say(twins, true, talk.out().payload(10));
        assertThat(step.byFastpath()).as("its windows are not known any more").isEqualTo(!talk.tcp);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "udp4"})
    void bitsOfTheFragmentField(String kind) {
        Talk talk = settled(kind);
        byte[] packet = talk.out().payload(10).build();
        for (int bit = 0; bit < 16; bit++) {
            int field = 1 << bit;
            byte[] changed = Packets.withIpv4Checksum(Packets.with(packet, 20, field >> 8, field));
            Twins.Step step = twins.pass("field " + field, changed);
            /* "Don't fragment", and the one that is reserved. */
            assertThat(step.byFastpath()).isEqualTo(bit >= 14 && talk.v4() && !liberal());
        }
    }

    private boolean liberal() {
        boolean[] found = {false};
        twins.fastTables().eachFlow(flow -> found[0] |=
                (twins.layout().field("flags").get(flow) & twins.constant("FLOW_LIBERAL")) != 0);
        return found[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void taggedFrames(String kind) {
        Talk talk = settled(kind);
        handedOver(twins.pass("one tag", talk.out().payload(10).vlan(7).build()));
        handedOver(twins.pass("two tags", talk.out().payload(10).vlan(7).vlan(8).build()));
        handedOver(twins.pass("three tags", talk.out().payload(10).vlan(7).vlan(8).vlan(9).build()));
        handedOver(twins.pass("a tag at the kernel, one in the packet", talk.out().payload(10).vlan(7).build(), Start.tagged(3)));
    }
}
