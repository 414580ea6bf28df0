package io.manx.conntrack;

import static io.manx.conntrack.Sample.CLIENT;
import static io.manx.conntrack.Sample.CLIENT6;
import static io.manx.conntrack.Sample.CLIENT_PORT;
import static io.manx.conntrack.Sample.FRONTEND;
import static io.manx.conntrack.Sample.FRONTEND_PORT;
import static io.manx.conntrack.Sample.SERVER;
import static io.manx.conntrack.Sample.SERVER6;
import static io.manx.conntrack.Sample.SERVER_PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowsReportTest {
    private static final Duration LATER = Duration.ofSeconds(3);
    private Tracker tracker;
    private ConntrackControl control;
    private FlowsReport report;

    @BeforeEach
    void load() {
        tracker = new Tracker();
        control = new ConntrackControl();
        control.loaded(tracker.context);
        report = new FlowsReport(control, () -> System.nanoTime() + LATER.toNanos());
    }

    @AfterEach
    void close() {
        control.unloaded();
        tracker.close();
    }

    @ParameterizedTest
    @CsvSource({
        "src,localhost,address", "dst,10.0.0.256,address", "port,65536,port", "proto,256,protocol", "proto,tpc,protocol",
        "limit,-1,count", "sport,80,filter"
    })
    void refusesFiltersThatAreNotOfTheirForm(String name, String value, String what) {
        assertThatThrownBy(() -> report.rows(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what)
                .hasMessageContaining("expected");
    }

    @Test
    void showsNothingOnceTheStageIsUnloaded() {
        tracker.pass(Sample.udp(CLIENT, SERVER));
        control.unloaded();
        assertThat(report.rows(Map.of())).isEmpty();
    }

    @Test
    void showsAFlowAsItsOriginatorSeesIt() {
        Sample first = Sample.udp(SERVER6, CLIENT6);
        tracker.pass(first);
        tracker.pass(first.reply());
        tracker.pass(first);
        int bytes = first.packet().length;
        FlowRow row = only(Map.of());
        assertThat(row)
                .usingRecursiveComparison()
                .ignoringFields("ageSeconds", "idleSeconds")
                .isEqualTo(new FlowRow(
                        "udp", "fd00:2::2", CLIENT_PORT, "fd00:1::2", SERVER_PORT, "established", "", 2, 2L * bytes, 1,
                        bytes, 0, 0));
        assertThat(row.ageSeconds()).isBetween(2.9, 30.0);
        assertThat(row.idleSeconds()).isBetween(2.9, row.ageSeconds() + 0.001);
    }

    @Test
    void showsATranslatedFlowOnceWithTheCountersOfBothItsEntries() {
        Sample request = Sample.syn(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT);
        tracker.passTo(request, SERVER, SERVER_PORT);
        tracker.pass(request.to(SERVER, SERVER_PORT).reply("SYN", "ACK"));
        tracker.pass(request.with("ACK"));
        FlowRow row = only(Map.of());
        assertThat(row.destination()).isEqualTo("10.96.0.10");
        assertThat(row.destinationPort()).isEqualTo(FRONTEND_PORT);
        assertThat(row.translated()).isEqualTo("10.0.2.2:8080");
        assertThat(row.state()).isEqualTo("established");
        assertThat(row.originatorPackets()).isEqualTo(2);
        assertThat(row.responderPackets()).isEqualTo(1);
    }

    @Test
    void followsAConnectionFromItsFirstPacketToItsLast() {
        Sample syn = Sample.syn(CLIENT, SERVER);
        tracker.pass(syn);
        assertThat(only(Map.of()).state()).isEqualTo("new");
        tracker.pass(syn.reply("SYN", "ACK"));
        assertThat(only(Map.of()).state()).isEqualTo("replied");
        tracker.pass(syn.with("ACK"));
        assertThat(only(Map.of()).state()).isEqualTo("established");
        tracker.pass(syn.with("FIN", "ACK"));
        assertThat(only(Map.of()).state()).isEqualTo("closing");
        tracker.pass(syn.reply("FIN", "ACK"));
        assertThat(only(Map.of()).state()).isEqualTo("closed");
    }

    @Test
    void showsWhatTheFiltersAskFor() {
        tracker.pass(Sample.udp(CLIENT, SERVER));
        tracker.pass(Sample.syn(CLIENT6, SERVER6));
        tracker.passTo(Sample.syn(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT), SERVER, SERVER_PORT);
        assertThat(report.rows(Map.of())).hasSize(3);
        assertThat(report.rows(Map.of("limit", "2"))).hasSize(2);
        assertThat(report.rows(Map.of("src", "10.0.1.2"))).hasSize(2);
        assertThat(report.rows(Map.of("src", "fd00:1:0::2"))).hasSize(1);
        assertThat(report.rows(Map.of("dst", "10.0.2.2"))).hasSize(2);
        assertThat(report.rows(Map.of("port", "80"))).hasSize(1);
        assertThat(report.rows(Map.of("proto", "TCP"))).hasSize(2);
        assertThat(report.rows(Map.of("proto", "17", "src", "10.0.1.2"))).hasSize(1);
    }

    @Test
    void countsFlowsOfEachTableAndShowsNone() {
        tracker.pass(Sample.udp(CLIENT, SERVER));
        tracker.passTo(Sample.syn(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT), SERVER, SERVER_PORT);
        int confirmed = (int) tracker.constant("FLOWS_MAX");
        int young = (int) tracker.constant("YOUNG_MAX");
        assertThat(rows(Map.of("count", "true")))
                .containsExactly(
                        new FlowCount("all", 2, 3, 2L * confirmed + 2L * young, 0),
                        new FlowCount("confirmed-ipv4", 0, 0, confirmed, 0),
                        new FlowCount("young-ipv4", 2, 3, young, 0),
                        new FlowCount("confirmed-ipv6", 0, 0, confirmed, 0),
                        new FlowCount("young-ipv6", 0, 0, young, 0));
        FlowCount tcp = (FlowCount) rows(Map.of("count", "true", "proto", "tcp")).get(0);
        assertThat(tcp.flows()).isEqualTo(1);
        assertThat(tcp.entries()).isEqualTo(3);
    }

    @Test
    void showsThoseThatCarriedTheMostFirst() {
        Sample quiet = Sample.udp(CLIENT6, SERVER6);
        Sample loud = Sample.udp(CLIENT, SERVER);
        tracker.pass(quiet);
        tracker.pass(loud);
        tracker.pass(loud);
        tracker.pass(Sample.echo(CLIENT, SERVER));
        assertThat(rows(Map.of("top", "packets", "limit", "1")))
                .singleElement()
                .satisfies(row -> assertThat(((FlowRow) row).originatorPackets()).isEqualTo(2));
        assertThat(rows(Map.of("top", "bytes"))).hasSize(3);
    }

    @Test
    void deletesBothEntriesOfTheFlowsThatAreSelectedAndNoOthers() {
        tracker.passTo(Sample.syn(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT), SERVER, SERVER_PORT);
        tracker.pass(Sample.udp(CLIENT6, SERVER6));
        assertThatThrownBy(() -> report.rows(Map.of("delete", "true"))).hasMessageContaining("expected one of");
        assertThat(rows(Map.of("delete", "true", "state", "new", "proto", "tcp")))
                .containsExactly(new FlowsDeleted(1));
        assertThat(tracker.entries()).isEqualTo(1);
    }

    @Test
    void deletesAConfirmedFlow() {
        new Conversation(tracker).open();
        assertThat(tracker.confirmed()).isEqualTo(1);
        assertThat(rows(Map.of("delete", "true", "state", "established"))).containsExactly(new FlowsDeleted(1));
        assertThat(tracker.entries()).isZero();
    }

    @Test
    void followsFlowsAsTheyBeginAndEnd() {
        try (Stream<? extends Record> rows = report.rows(Map.of("follow", "true"))) {
            Sample request = Sample.udp(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT);
            tracker.passTo(request, SERVER, SERVER_PORT);
            tracker.pass(request.to(SERVER, SERVER_PORT).reply());
            tracker.wait(Duration.ofMinutes(5));
            Sweeper.sweep(tracker.context);
            var each = rows.iterator();
            EventRow begun = (EventRow) each.next();
            EventRow ended = (EventRow) each.next();
            assertThat(begun.event()).isEqualTo("begins");
            assertThat(begun.destination()).isEqualTo("10.96.0.10");
            assertThat(ended.event()).isEqualTo("ends");
            assertThat(ended.destination()).isEqualTo("10.96.0.10");
            assertThat(ended.destinationPort()).isEqualTo(FRONTEND_PORT);
            assertThat(ended.source()).isEqualTo("10.0.1.2");
            assertThat(ended.originatorPackets()).isEqualTo(1);
            assertThat(ended.responderPackets()).isEqualTo(1);
            assertThat(ended.lost()).isZero();
        }
        tracker.pass(Sample.udp(CLIENT6, SERVER6));
        assertThat(tracker.context.events("manx_flow_events").poll(event -> {})).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "src,10.0.1.2", "src,fd00:1::2", "dst,10.96.0.10", "dst,fd00:2::2", "port,80", "port,8080", "proto,udp", "proto,tcp",
        "state,new", "state,established"
    })
    void followsWhatTheFilterAsksFor(String filter, String value) {
        Map<String, String> asked = Map.of("follow", "true", filter, value);
        List<EventRow> all = followed(Map.of("follow", "true"));
        List<EventRow> some = followed(asked);
        assertThat(all).hasSize(4);
        assertThat(some)
                .isNotEmpty()
                .hasSizeLessThan(all.size())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("secondsAgo")
                .containsExactlyElementsOf(all.stream().filter(row -> fits(row, filter, value)).toList());
    }

    /** Two flows' begins and ends: one translated and not answered, one established. */
    private List<EventRow> followed(Map<String, String> asked) {
        List<EventRow> seen = new ArrayList<>();
        try (Stream<? extends Record> rows = report.rows(asked)) {
            tracker.passTo(Sample.syn(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT), SERVER, SERVER_PORT);
            Sample question = Sample.udp(CLIENT6, SERVER6);
            tracker.pass(question);
            tracker.pass(question.reply());
            tracker.pass(question);
            tracker.wait(Duration.ofMinutes(90));
            Sweeper.sweep(tracker.context);
            var each = rows.iterator();
            CompletableFuture<Void> ended = unloadSoon();
            each.forEachRemaining(row -> seen.add((EventRow) row));
            ended.join();
        }
        control.loaded(tracker.context);
        return seen;
    }

    /** Which ends the rows; what has happened by now is read long before. */
    private CompletableFuture<Void> unloadSoon() {
        return CompletableFuture.runAsync(
                control::unloaded, CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
    }

    private static boolean fits(EventRow row, String filter, String value) {
        return switch (filter) {
            case "src" -> row.source().equals(value);
            case "dst" -> row.destination().equals(value);
            case "port" -> Integer.toString(row.destinationPort()).equals(value);
            case "proto" -> row.protocol().equals(value);
            default -> row.state().equals(value);
        };
    }

    @Test
    void followsNoMoreThanTheLimit() {
        try (Stream<? extends Record> rows = report.rows(Map.of("follow", "true", "limit", "1"))) {
            tracker.pass(Sample.udp(CLIENT, SERVER));
            tracker.pass(Sample.udp(CLIENT6, SERVER6));
            assertThat(rows.toList()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"top,bytes", "count,true", "delete,true"})
    void refusesToFollowWhatCanNotBeFollowed(String filter, String value) {
        assertThatThrownBy(() -> report.rows(Map.of("follow", "true", filter, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes no --" + filter)
                .hasMessageContaining("expected");
        tracker.pass(Sample.udp(CLIENT, SERVER));
        assertThat(tracker.context.events("manx_flow_events").poll(event -> {})).isZero();
    }

    @Test
    void endsWhatIsFollowedWhenTheStageIsUnloaded() {
        try (Stream<? extends Record> rows = report.rows(Map.of("follow", "true"))) {
            assertThatThrownBy(() -> report.rows(Map.of("follow", "true"))).hasMessageContaining("followed already");
            control.unloaded();
            assertThat(rows.iterator().hasNext()).isFalse();
        }
    }

    private List<Record> rows(Map<String, String> filters) {
        return report.rows(filters).<Record>map(row -> row).toList();
    }

    private FlowRow only(Map<String, String> filters) {
        List<Record> rows = rows(filters);
        assertThat(rows).hasSize(1);
        return (FlowRow) rows.get(0);
    }
}
