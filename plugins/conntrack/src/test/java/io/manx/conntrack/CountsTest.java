package io.manx.conntrack;

import static io.manx.conntrack.Sample.CLIENT;
import static io.manx.conntrack.Sample.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a flow's legs count, also where one half of the number that both share is full (enum flow_count). */
class CountsTest {
    private static final Sample PACKET = Sample.udp(CLIENT, SERVER);
    private static final String RECENT = "leg[0].recent";

    private Tracker tracker;

    @BeforeEach
    void load() {
        tracker = new Tracker();
    }

    @AfterEach
    void close() {
        tracker.close();
    }

    private Flow.Leg originator() {
        return new FlowTable(tracker.context).flows().findFirst().orElseThrow().fromOriginator();
    }

    private void count(long packets, long bytes) {
        change(RECENT, packets << tracker.constant("FLOW_COUNT_BYTES") | bytes);
    }

    private void change(String field, long to) {
        BpfMap table = table();
        Field member = layout().field(field);
        table.forEach((key, flow) -> {
            member.set(flow, to);
            table.put(key, flow);
        });
    }

    private BpfMap table() {
        return tracker.conntrack.map("manx_young4");
    }

    private Layout layout() {
        return table().value();
    }

    private long read(String field) {
        long[] value = new long[1];
        table().forEach((ByteBuffer key, ByteBuffer flow) -> value[0] = layout().field(field).get(flow));
        return value[0];
    }

    @Test
    void countsPacketsAndTheirBytes() {
        tracker.pass(PACKET);
        tracker.pass(PACKET);
        assertThat(originator()).isEqualTo(new Flow.Leg(2, 2L * PACKET.packet().length));
    }

    /** Before, and what is carried then: packets, bytes. One packet more fills the half, two, or none. */
    @ParameterizedTest
    @CsvSource({
        "0x7ffffe, 0, 0, 0",
        "0x7fffff, 0, 1, 0",
        "1, 0x7fffffffff, 0, 1",
        "0x7fffff, 0x7fffffffff, 1, 1",
    })
    void carriesWhatFillsTheirHalf(String packets, String bytes, long carriedPackets, long carriedBytes) {
        tracker.pass(PACKET);
        count(Long.decode(packets), Long.decode(bytes));
        tracker.pass(PACKET);
        assertThat(read("carried[0].packets")).isEqualTo(carriedPackets);
        assertThat(read("carried[0].bytes")).isEqualTo(carriedBytes);
        assertThat(originator())
                .isEqualTo(new Flow.Leg(Long.decode(packets) + 1, Long.decode(bytes) + PACKET.packet().length));
    }

    @Test
    void tellsWhatWasCarriedLongAgo() {
        tracker.pass(PACKET);
        count(3, 5000);
        change("carried[0].packets", 4);
        change("carried[0].bytes", 2);
        assertThat(originator()).isEqualTo(new Flow.Leg(3 + (4L << 23), 5000 + (2L << 39)));
    }
}
