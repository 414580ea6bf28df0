package io.manx.fastpath;

import static io.manx.fastpath.Given.ESTABLISHED;
import static io.manx.fastpath.Given.handedOver;
import static io.manx.fastpath.Given.took;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another CPU does to a packet's flow while fastpath hands it over: conntrack does not ask the confirmed again. */
class MeanwhileTest extends OnTwins {
    private static final int CONFIRMS = 1;
    private static final int DELETES = 2;

    MeanwhileTest() {
        super(false);
    }

    private Twins.Step meanwhile(int doing, String what, byte[] packet) {
        twins.each(chain -> chain.put("between_does", "value", doing));
        try {
            return twins.pass(what, packet);
        } finally {
            twins.each(chain -> chain.put("between_does", "value", 0));
        }
    }

    private Talk young(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        if (talk.tcp) {
            talk.say(twins, true, talk.out("SYN"));
            talk.say(twins, false, talk.back("SYN", "ACK"));
        } else {
            talk.say(twins, true, talk.out().payload(3));
            talk.say(twins, false, talk.back().payload(3));
        }
        return talk;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void theFlowIsConfirmed(String kind) {
        for (boolean byClient : new boolean[] {true, false}) {
            twins.clear();
            Talk talk = young(kind);
            byte[] packet = talk.next(byClient, "ACK").payload(10).build();
            handedOver(meanwhile(CONFIRMS, "confirmed meanwhile", packet));
            talk.said(byClient, packet);
            assertThat(twins.fastTables().size(talk.v4() ? "manx_flows4" : "manx_flows6")).isEqualTo(1);
            for (int i = 0; i < 3; i++) {
                talk.say(twins, true, talk.out().payload(10));
                talk.say(twins, false, talk.back().payload(10));
            }
            took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
            took(talk.say(twins, false, talk.back().payload(10)), ESTABLISHED);
        }
    }

    /** Of a leg that has said all, under the epoch in force: without fastpath conntrack would have taken its short way. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void theFlowIsConfirmedAndSettled(String kind) {
        Talk talk = young(kind);
        talk.say(twins, false, talk.back().payload(10));
        twins.change((key, flow) -> {
            var layout = twins.layout();
            long all = twins.constant("SAID_ALL") | twins.constant("SAID_GOES_ON") | twins.constant("SAID_SOMETHING");
            for (int leg = 0; leg < 2; leg++) {
                layout.field("said[" + leg + "]").set(flow, all);
                layout.field("epoch[" + leg + "]").set(flow, twins.epoch());
            }
        });
        byte[] packet = talk.back().payload(10).build();
        handedOver(meanwhile(CONFIRMS, "confirmed and settled meanwhile", packet));
        talk.said(false, packet);
        took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        took(talk.say(twins, false, talk.back().payload(10)), ESTABLISHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void theFlowIsDeleted(String kind) {
        Talk talk = young(kind);
        handedOver(meanwhile(DELETES, "a young one", talk.out().payload(10).build()));
        twins.clear();
        Talk settled = Talk.direct(kind, 40000);
        settled.settle(twins);
        handedOver(meanwhile(DELETES, "one that is handed over", settled.out().payload(10).ttl(1).build()));
    }
}
