package io.manx.fastpath;

import static io.manx.fastpath.Given.ESTABLISHED;
import static io.manx.fastpath.Given.took;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets of settled flows end at fastpath, and as they would without it. */
class SettledTest extends OnTwins {
    private static final long OTHER_CPU = 200;
    /** Longer than a wish must stand, at any rate of ticks. */
    private static final long WISH_MILLIS = 100;

    SettledTest() {
        super(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void takesBothLegs(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        for (int bytes : new int[] {0, 1, 2, 63, 64, 700, 1400}) {
            took(talk.say(twins, true, talk.out().payload(bytes)), ESTABLISHED);
            took(talk.say(twins, false, talk.back().payload(bytes)), ESTABLISHED);
        }
    }

    /** Either end may be the key's first: by its address, or by its port where a host speaks to itself. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void takesFlowsWhoseOriginatorIsTheOtherEnd(String kind) {
        Talk there = Talk.direct(kind, 40000);
        Talk talk = new Talk(
                there.tcp, there.server, 40000, there.client, Talk.SERVER_PORT, there.client, Talk.SERVER_PORT);
        talk.settle(twins);
        took(talk.say(twins, true, talk.out().payload(3)), ESTABLISHED);
        took(talk.say(twins, false, talk.back().payload(3)), ESTABLISHED);
    }

    /** Counted apart, until this one owns the leg: see flow_count.h. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void takesALegThatAnotherCpuCounts(String kind) throws InterruptedException {
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        twins.set("leg[0].recent", OTHER_CPU << twins.constant("FLOW_COUNT_OWNER"));
        took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        took(talk.say(twins, false, talk.back().payload(10)), ESTABLISHED);
        TimeUnit.MILLISECONDS.sleep(WISH_MILLIS);
        took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
    }

    /** Of bytes, and of packets. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void takesALegWhoseCountIsFull(String kind) {
        for (String next : new String[] {"FLOW_COUNT_BYTES", "FLOW_COUNT_OWNER"}) {
            twins.clear();
            Talk talk = Talk.direct(kind, 40000);
            talk.settle(twins);
            took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
            long full = 1L << twins.constant(next) - 1;
            twins.change((key, flow) -> {
                var recent = twins.layout().field("leg[0].recent");
                recent.set(flow, recent.get(flow) | full);
            });
            took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
            took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        }
    }
}
