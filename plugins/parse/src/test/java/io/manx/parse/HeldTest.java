package io.manx.parse;

import static io.manx.parse.ParseStage.CLIENT;
import static io.manx.parse.ParseStage.CLIENT6;
import static io.manx.parse.ParseStage.CLIENT_PORT;
import static io.manx.parse.ParseStage.SERVER;
import static io.manx.parse.ParseStage.SERVER6;
import static io.manx.parse.ParseStage.SERVER_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StateMap;
import io.manx.testkit.Outcome;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import io.manx.testkit.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** held.h, release.h: fragments that come before their first. What becomes of them on interfaces is FragmentsIT's. */
class HeldTest {
    /** Takes what is brought back, and has no use for it. */
    private static final int LOOPBACK = 1;

    private static final int NO_INTERFACE = 999_999;
    private ParseStage parse;

    @BeforeEach
    void load() {
        parse = new ParseStage();
    }

    @AfterEach
    void close() {
        parse.close();
    }

    @Test
    void dropsMoreThanOneDatagramNeeds() {
        for (int nth = 0; nth < parse.constant("DATAGRAM_HELD"); nth++) {
            parse.keeps(later(4, 1, 8));
        }
        parse.drops(later(4, 1, 8), "REASON_FRAGMENT_EARLY");
    }

    @Test
    void countsWhatIsThrownOutForLaterOnes() {
        long cells = parse.constant("HELD_CELLS");
        for (int id = 1; id <= cells; id++) {
            parse.keeps(later(4, id, 8));
        }
        assertThat(unjoined()).isZero();
        parse.keeps(later(4, 5000, 8), 0, 1);
        assertThat(unjoined()).isEqualTo(1);
        assertThat(held()).isEqualTo(cells);
    }

    @Test
    void countsWhatWasHeldInVain() {
        parse.keeps(later(4, 1, 8));
        parse.keeps(later(6, 1, 8));
        parse.context().run("parse_expire");
        assertThat(held()).isEqualTo(2);
        new DatagramClock(parse).wait(Duration.ofSeconds(31));
        parse.keeps(later(4, 2, 8));
        parse.context().run("parse_expire");
        assertThat(held()).isEqualTo(1);
        assertThat(unjoined()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void bringsThemBackBehindTheirFirst(int version) {
        for (int at = 64; at < 20_000; at += 1000) {
            parse.keeps(datagram(version, 7).payload(1000).fragment(at, true).build(), LOOPBACK, 1);
        }
        byte[] first = datagram(version, 7).payload(56).fragment(0, true).build();

        Outcome outcome = parse.run(first, "DIRECTION_INGRESS", LOOPBACK);

        assertThat(outcome.verdict()).isEqualTo(Verdict.NEXT);
        assertThat(outcome.packet()).isEqualTo(first);
        assertThat(outcome.note().get("destination_port")).isEqualTo(SERVER_PORT);
        assertThat(held()).isZero();
        assertThat(unjoined()).isZero();
    }

    @Test
    void countsThoseThatCannotBeBroughtBack() {
        parse.keeps(datagram(4, 7).payload(8).fragment(64, true).build(), NO_INTERFACE, 1);
        byte[] first = datagram(4, 7).payload(56).fragment(0, true).build();
        Outcome outcome = parse.run(first, "DIRECTION_INGRESS", NO_INTERFACE);
        assertThat(outcome.packet()).isEqualTo(first);
        assertThat(held()).isZero();
        assertThat(unjoined()).isEqualTo(1);
    }

    private static byte[] later(int version, int id, int bytes) {
        return datagram(version, id).payload(bytes).fragment(64, false).build();
    }

    private static PacketBuilder datagram(int version, int id) {
        return Packets.udp(version == 4 ? CLIENT : CLIENT6, CLIENT_PORT, version == 4 ? SERVER : SERVER6, SERVER_PORT)
                .identification(id);
    }

    private long held() {
        StateMap map = parse.map("held");
        long[] count = new long[1];
        map.forEach((key, value) -> count[0] += map.value().field("owner").get(value) == 0 ? 0 : 1);
        return count[0];
    }

    private long unjoined() {
        StateMap map = parse.map("manx_drops");
        Layout layout = map.value();
        long[] sum = new long[1];
        map.forEach((key, values) -> {
            if (map.key().field("reason").get(key) == parse.constant("REASON_FRAGMENT_UNJOINED")) {
                for (int at = 0; at + layout.size() <= values.capacity(); at += layout.size()) {
                    ByteBuffer one = values.slice(at, layout.size()).order(values.order());
                    sum[0] += layout.field("packets").get(one);
                }
            }
        });
        return sum[0];
    }
}
