package io.manx.fastpath;

import static io.manx.fastpath.Given.ESTABLISHED;
import static io.manx.fastpath.Given.took;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets of settled flows end at fastpath, and as they would without it. */
class SettledTest extends OnTwins {
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
}
