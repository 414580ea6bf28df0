package io.manx.conntrack;

import static io.manx.conntrack.Sample.CLIENT;
import static io.manx.conntrack.Sample.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import io.manx.testkit.OneCpu;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** flow_count.h: what is counted on the CPU that owns a leg, also where one part of the number is full, and on others. */
class CountsTest {
    private static final Sample PACKET = Sample.udp(CLIENT, SERVER);
    private static final String RECENT = "leg[0].recent";
    /** A CPU, + 1, that no machine of ours has. */
    private static final long ANOTHER = 200;
    /** WISH_TICKS of the longest there are (100 a second), and some. */
    private static final long TICKS_MS = 60;

    private OneCpu here;
    private Tracker tracker;

    @BeforeEach
    void load() {
        here = new OneCpu();
        tracker = new Tracker();
    }

    @AfterEach
    void close() {
        tracker.close();
        here.close();
    }

    private Flow.Leg originator() {
        return new FlowTable(tracker.context).flows().findFirst().orElseThrow().fromOriginator();
    }

    /** @param owner a CPU's number + 1, or 0 */
    private void count(long owner, long packets, long bytes) {
        change(
                RECENT,
                owner << tracker.constant("FLOW_COUNT_OWNER") | packets << tracker.constant("FLOW_COUNT_BYTES") | bytes);
    }

    private long owner() {
        return read(RECENT) >>> tracker.constant("FLOW_COUNT_OWNER") & tracker.constant("FLOW_OWNERS");
    }

    private long wish() {
        return read(RECENT) >>> tracker.constant("FLOW_COUNT_WISH");
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

    /** Before, and whether one packet more fills a part of the number. */
    @ParameterizedTest
    @CsvSource({
        "0x1ffe, 0, false",
        "0x1fff, 0, true",
        "1, 0x1ffffffff, true",
        "0x1fff, 0x1ffffffff, true",
    })
    void addsWhatIsFullToTheRest(String packets, String bytes, boolean full) {
        tracker.pass(PACKET);
        long owner = owner();
        count(owner, Long.decode(packets), Long.decode(bytes));
        tracker.pass(PACKET);
        assertThat(owner()).isEqualTo(owner).isPositive();
        assertThat(read("rest[0].packets")).isEqualTo(full ? Long.decode(packets) + 1 : 0);
        assertThat(originator())
                .isEqualTo(new Flow.Leg(Long.decode(packets) + 1, Long.decode(bytes) + PACKET.packet().length));
    }

    @Test
    void countsApartOnACpuThatDoesNotOwnTheLeg() {
        tracker.pass(PACKET);
        count(ANOTHER, 3, 5000);
        tracker.pass(PACKET);
        assertThat(owner()).isEqualTo(ANOTHER);
        assertThat(wish()).isPositive();
        assertThat(read("rest[0].packets")).isEqualTo(1);
        assertThat(read("rest[0].bytes")).isEqualTo(PACKET.packet().length);
        assertThat(originator()).isEqualTo(new Flow.Leg(4, 5000 + PACKET.packet().length));
    }

    @Test
    void ownsALegThatNobodyOwns() {
        tracker.pass(PACKET);
        long owner = owner();
        count(0, 3, 5000);
        tracker.pass(PACKET);
        assertThat(owner()).isEqualTo(owner);
        assertThat(originator()).isEqualTo(new Flow.Leg(4, 5000 + PACKET.packet().length));
    }

    @Test
    void takesALegOverWhoseOwnerIsGone() throws Exception {
        tracker.pass(PACKET);
        long owner = owner();
        count(ANOTHER, 3, 5000);
        tracker.pass(PACKET);
        Thread.sleep(TICKS_MS);
        tracker.pass(PACKET);
        assertThat(owner()).isEqualTo(owner);
        assertThat(wish()).isZero();
        tracker.pass(PACKET);
        assertThat(originator()).isEqualTo(new Flow.Leg(6, 5000 + 3L * PACKET.packet().length));
    }

    @Test
    void takesTheWishOfAnotherCpuBackWhereItsOwnerIsThere() {
        tracker.pass(PACKET);
        long owner = owner();
        count(owner | tracker.constant("WISH_MADE") << 8, 3, 5000);
        tracker.pass(PACKET);
        assertThat(owner()).isEqualTo(owner);
        assertThat(wish()).isZero();
        assertThat(originator()).isEqualTo(new Flow.Leg(4, 5000 + PACKET.packet().length));
    }

    @Test
    void tellsTheRestToo() {
        tracker.pass(PACKET);
        count(owner(), 3, 5000);
        change("rest[0].packets", 1L << 40);
        change("rest[0].bytes", 1L << 50);
        assertThat(originator()).isEqualTo(new Flow.Leg(3 + (1L << 40), 5000 + (1L << 50)));
    }
}
