package io.manx.conntrack;

import static io.manx.conntrack.Sample.CLIENT;
import static io.manx.conntrack.Sample.CLIENT6;
import static io.manx.conntrack.Sample.SERVER;
import static io.manx.conntrack.Sample.SERVER6;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Lane;
import io.manx.testkit.NoteView;
import io.manx.testkit.Outcome;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** icmp_query.h: a reply is of the flow of its request; what is neither is of none. */
class IcmpQueryTest {
    private Tracker tracker;

    @BeforeEach
    void load() {
        tracker = new Tracker();
    }

    @AfterEach
    void close() {
        tracker.close();
    }

    static Stream<Sample> echoes() {
        return Stream.of(Sample.echo(CLIENT, SERVER), Sample.echo(CLIENT6, SERVER6));
    }

    @ParameterizedTest
    @MethodSource("echoes")
    void dropsAReplyThatNobodyAskedFor(Sample request) {
        assertThat(tracker.look(request.reply()).reason()).isEqualTo("REASON_NO_FLOW");
    }

    @ParameterizedTest
    @MethodSource("echoes")
    void dropsAReplyFromTheEndThatAsked(Sample request) {
        tracker.pass(request);

        assertThat(as(request, request.isIpv4() ? 0 : 129).reason()).isEqualTo("REASON_NO_FLOW");
    }

    @Test
    void dropsASynAckThatNobodyAskedFor() {
        assertThat(tracker.look(Sample.syn(CLIENT, SERVER).reply("SYN", "ACK")).reason()).isEqualTo("REASON_NO_FLOW");
    }

    @ParameterizedTest
    @MethodSource("echoes")
    void judgesARequestFromTheEndThatWasAsked(Sample request) {
        tracker.pass(request);
        tracker.pass(request.reply());

        assertIsOfNoFlow(as(request.reply(), request.isIpv4() ? 8 : 128));
    }

    @ParameterizedTest
    @MethodSource("echoes")
    void judgesWhatIsNeitherEachTime(Sample echo) {
        assertIsOfNoFlow(as(echo, echo.isIpv4() ? 13 : 139));
    }

    @ParameterizedTest
    @MethodSource("echoes")
    void takesAReplyForTheFlowsOwn(Sample request) {
        tracker.pass(request);

        NoteView note = tracker.pass(request.reply()).note();
        assertThat(note.get("flags") & tracker.conntrack.constant("NOTE_REPLY")).isNotZero();
    }

    private void assertIsOfNoFlow(Outcome outcome) {
        long flags = outcome.note().get("flags");

        assertThat(outcome.lane()).isEqualTo(Lane.FIRST);
        assertThat(flags & tracker.conntrack.constant("NOTE_KNOWN")).isZero();
        assertThat(flags & tracker.conntrack.constant("NOTE_NO_COMMIT")).isNotZero();
    }

    private Outcome as(Sample sample, int type) {
        return tracker.conntrack.run(sample.packet(), note -> {
            sample.writeTo(note, tracker.conntrack);
            note.set("icmp_type", type);
        });
    }
}
