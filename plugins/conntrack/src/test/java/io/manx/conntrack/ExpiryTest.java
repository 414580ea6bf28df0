package io.manx.conntrack;

import static io.manx.conntrack.Sample.CLIENT;
import static io.manx.conntrack.Sample.CLIENT6;
import static io.manx.conntrack.Sample.FRONTEND;
import static io.manx.conntrack.Sample.FRONTEND_PORT;
import static io.manx.conntrack.Sample.SERVER;
import static io.manx.conntrack.Sample.SERVER6;
import static io.manx.conntrack.Sample.SERVER_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** expire.h: which flows a sweep takes out, and which it leaves. */
class ExpiryTest {
    /** More than ever passes between a packet and the sweep; less than the shortest timeout. */
    private static final Duration MARGIN = Duration.ofSeconds(4);
    private Tracker tracker;

    @BeforeEach
    void load() {
        tracker = new Tracker();
    }

    @AfterEach
    void close() {
        tracker.close();
    }

    @Test
    void keepsFlowsThatAreNotSilentForLongEnough() {
        tracker.pass(Sample.udp(CLIENT, SERVER));
        tracker.pass(Sample.udp(CLIENT6, SERVER6));
        tracker.wait(Duration.ofSeconds(60).minus(MARGIN));
        assertThat(Sweeper.sweep(tracker.context)).isZero();
        assertThat(tracker.entries()).isEqualTo(2);
    }

    @Test
    void takesOutUdpFlows() {
        tracker.pass(Sample.udp(CLIENT, SERVER));
        tracker.pass(Sample.udp(CLIENT6, SERVER6));
        assertGoneAfter(Duration.ofSeconds(60), 2);
    }

    @Test
    void takesOutEchoes() {
        tracker.pass(Sample.echo(CLIENT, SERVER));
        tracker.pass(Sample.echo(CLIENT6, SERVER6));
        assertGoneAfter(Duration.ofSeconds(10), 2);
    }

    @Test
    void takesOutConnectionsThatNobodyAnswers() {
        tracker.pass(Sample.syn(CLIENT, SERVER));
        assertGoneAfter(Duration.ofSeconds(20), 1);
    }

    @Test
    void takesOutEstablishedConnections() {
        establish();
        assertGoneAfter(Duration.ofHours(1), 1);
    }

    @Test
    void keepsAConnectionOfWhichOneEndIsClosed() {
        establish();
        tracker.pass(Sample.syn(CLIENT, SERVER).with("FIN", "ACK"));
        tracker.wait(Duration.ofMinutes(30));
        assertThat(Sweeper.sweep(tracker.context)).isZero();
    }

    @Test
    void takesOutClosedConnections() {
        establish();
        tracker.pass(Sample.syn(CLIENT, SERVER).with("FIN", "ACK"));
        tracker.pass(Sample.syn(CLIENT, SERVER).reply("FIN", "ACK"));
        assertGoneAfter(Duration.ofSeconds(30), 1);
    }

    @Test
    void takesOutResetConnections() {
        establish();
        tracker.pass(Sample.syn(CLIENT, SERVER).reply("RST", "ACK"));
        assertGoneAfter(Duration.ofSeconds(40), 1);
    }

    @Test
    void keepsBothEntriesOfATranslatedFlowWhileOneEndSpeaks() {
        translate();
        tracker.wait(Duration.ofSeconds(50));
        tracker.look(Sample.udp(CLIENT, SERVER).reply());
        tracker.wait(Duration.ofSeconds(50));
        assertThat(Sweeper.sweep(tracker.context)).isZero();
        assertThat(tracker.entries()).isEqualTo(2);
    }

    @Test
    void takesOutBothEntriesOfATranslatedFlow() {
        translate();
        assertGoneAfter(Duration.ofSeconds(60), 1);
    }

    @Test
    void takesOutWhatAConfirmedFlowLeftAmongTheYoung() {
        establish();
        tracker.passTo(Sample.udp(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT), SERVER, SERVER_PORT);
        assertThat(all("manx_young4")).as("one left behind, two of a young flow").isEqualTo(3);
        tracker.wait(Duration.ofMillis(500));
        Sweeper.sweep(tracker.context);
        assertThat(all("manx_young4")).as("a packet may be between its two lookups").isEqualTo(3);
        tracker.wait(Duration.ofSeconds(2));
        assertThat(Sweeper.sweep(tracker.context)).as("it is no flow").isZero();
        assertThat(all("manx_young4")).isEqualTo(2);
        assertThat(tracker.confirmed()).isEqualTo(1);
    }

    /** Its forward one was evicted: the reverse one is no use, and goes when it is no longer new. */
    @Test
    void takesOutTheReverseEntryThatIsLeftOver() {
        translate();
        evictForward();
        assertThat(all("manx_young4")).isEqualTo(1);
        tracker.wait(Duration.ofSeconds(9));
        assertThat(Sweeper.sweep(tracker.context)).as("before").isZero();
        tracker.wait(Duration.ofSeconds(4));
        assertThat(Sweeper.sweep(tracker.context)).as("after").isEqualTo(1);
        assertThat(all("manx_young4")).isZero();
    }

    /** With what a confirmed flow left behind. */
    private int all(String table) {
        int[] count = new int[1];
        tracker.conntrack.map(table).forEach((key, flow) -> count[0]++);
        return count[0];
    }

    private void evictForward() {
        var table = tracker.conntrack.map("manx_young4");
        long forward = tracker.constant("TRANSLATE_DESTINATION");
        List<ByteBuffer> evicted = new ArrayList<>();
        table.forEach((key, flow) -> {
            if (table.value().field("translate").get(flow) == forward) {
                evicted.add(key);
            }
        });
        evicted.forEach(table::delete);
    }

    private void establish() {
        Sample syn = Sample.syn(CLIENT, SERVER);
        tracker.pass(syn);
        tracker.pass(syn.reply("SYN", "ACK"));
        tracker.pass(syn.with("ACK"));
    }

    private void translate() {
        tracker.passTo(Sample.udp(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT), SERVER, SERVER_PORT);
    }

    /** @param flows how many there are */
    private void assertGoneAfter(Duration timeout, int flows) {
        tracker.wait(timeout.minus(MARGIN));
        assertThat(Sweeper.sweep(tracker.context)).as("before").isZero();
        tracker.wait(MARGIN.multipliedBy(2));
        assertThat(Sweeper.sweep(tracker.context)).as("after").isEqualTo(flows);
        assertThat(tracker.entries()).isZero();
    }
}
