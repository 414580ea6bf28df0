package io.manx.conntrack;

import static io.manx.conntrack.Sample.CLIENT;
import static io.manx.conntrack.Sample.CLIENT6;
import static io.manx.conntrack.Sample.FRONTEND;
import static io.manx.conntrack.Sample.FRONTEND_PORT;
import static io.manx.conntrack.Sample.SERVER;
import static io.manx.conntrack.Sample.SERVER6;
import static io.manx.conntrack.Sample.SERVER_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Packets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table of confirmed flows that has no room: packets pass, flows stay young, and the user is told. */
class TableFullTest {
    private static final int ROOM = 2;

    private final AtomicLong now = new AtomicLong();
    private final List<String> warnings = new ArrayList<>();
    private Tracker tracker;
    private ConntrackControl control;
    private FlowsReport report;
    private FullWatch watch;

    @BeforeEach
    void load() {
        tracker = Tracker.ofSize(ROOM);
        control = new ConntrackControl();
        control.loaded(tracker.context);
        report = new FlowsReport(control, System::nanoTime);
        watch = new FullWatch(tracker.context, now::get, warnings::add);
    }

    @AfterEach
    void close() {
        control.unloaded();
        tracker.close();
    }

    /** A question, its answer, and what the originator says then: it would be confirmed, were there room. */
    private void talk(int client) {
        Sample question = Sample.udp(Packets.address("10.0.1." + client), SERVER);
        tracker.pass(question);
        tracker.pass(question.reply());
        tracker.pass(question);
    }

    private void talkToService(int client) {
        Sample question = Sample.udp(Packets.address("10.0.1." + client), FRONTEND).to(FRONTEND, FRONTEND_PORT);
        tracker.passTo(question, SERVER, SERVER_PORT);
        tracker.pass(question.to(SERVER, SERVER_PORT).reply());
        tracker.pass(question);
    }

    private FlowCount count(String table) {
        return report.rows(Map.of("count", "true"))
                .map(FlowCount.class::cast)
                .filter(row -> row.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFlowThatFindsNoRoomStaysYoungAndGoesOn() {
        for (int client = 1; client <= ROOM + 1; client++) {
            talk(client);
        }
        assertThat(tracker.confirmed()).isEqualTo(ROOM);
        assertThat(tracker.young()).isEqualTo(1);
        talk(ROOM + 1);
        assertThat(count("confirmed-ipv4")).isEqualTo(new FlowCount("confirmed-ipv4", ROOM, ROOM, ROOM, 3));
        assertThat(count("young-ipv4").flows()).isEqualTo(1);
        assertThat(count("confirmed-ipv6").full()).isZero();
    }

    @Test
    void isConfirmedByItsNextPacketOnceThereIsRoom() {
        for (int client = 1; client <= ROOM + 1; client++) {
            talk(client);
        }
        report.rows(Map.of("delete", "true", "src", "10.0.1.1")).forEach(row -> {});
        tracker.pass(Sample.udp(Packets.address("10.0.1." + (ROOM + 1)), SERVER));
        assertThat(tracker.confirmed()).isEqualTo(ROOM);
        assertThat(tracker.young()).isZero();
    }

    @Test
    void neitherEntryOfATranslatedFlowIsConfirmedWhereOneFindsNoRoom() {
        talk(1);
        talkToService(2);
        assertThat(tracker.confirmed()).isEqualTo(1);
        assertThat(tracker.young()).isEqualTo(2);
        assertThat(count("confirmed-ipv4").full()).isEqualTo(1);
        assertThat(count("all").flows()).isEqualTo(2);
    }

    @Test
    void countsEachIpVersionByItself() {
        Sample question = Sample.udp(CLIENT6, SERVER6);
        for (int client = 0; client <= ROOM; client++) {
            Sample one = new Sample("udp", CLIENT6, Sample.CLIENT_PORT + client, SERVER6, question.destinationPort());
            tracker.pass(one);
            tracker.pass(one.reply());
            tracker.pass(one);
        }
        assertThat(count("confirmed-ipv6").full()).isEqualTo(1);
        assertThat(count("confirmed-ipv4").full()).isZero();
        assertThat(count("all").full()).isEqualTo(1);
    }

    @Test
    void warnsOnceInAWhileOfATableThatStaysFull() {
        watch.look();
        assertThat(warnings).isEmpty();
        for (int client = 1; client <= ROOM + 1; client++) {
            talk(client);
        }
        watch.look();
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("confirmed-ipv4 is full: 1 packets since the start", "its 2 entries", "bpfMapSizeConntrack");
        talk(ROOM + 1);
        watch.look();
        now.addAndGet(FullWatch.BETWEEN_WARNINGS.toNanos() - 1);
        watch.look();
        assertThat(warnings).hasSize(1);
        now.addAndGet(1);
        watch.look();
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(1)).contains(": 2 packets since the last warning");
        now.addAndGet(FullWatch.BETWEEN_WARNINGS.toNanos());
        watch.look();
        assertThat(warnings).hasSize(2);
    }

    @Test
    void whatWasCountedBeforeTheStartIsNoNews() {
        for (int client = 1; client <= ROOM + 1; client++) {
            talk(client);
        }
        new FullWatch(tracker.context, now::get, warnings::add).look();
        assertThat(warnings).isEmpty();
        assertThat(tracker.look(Sample.udp(CLIENT, SERVER)).reason()).isEqualTo("REASON_NONE");
    }
}
