package io.manx.conntrack;

import io.manx.api.layout.Addresses;
import io.manx.api.layout.Layout;
import io.manx.api.stage.EventStream;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Flows as they begin and end, from the ring buffer of flow_event.h. The kernel tells as long as this is open. */
final class Follow implements Iterator<EventRow>, AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final double NANOS_A_SECOND = 1e9;
    private static final double MILLIS_A_SECOND = 1e3;

    private final StateMap listening;
    private final EventStream events;
    private final Layout event;
    private final long begins;
    private final StateOf state;
    private final Predicate<Flow> wanted;
    private final BooleanSupplier goesOn;
    private final LongSupplier monotonicNanos;
    private final Deque<EventRow> read = new ArrayDeque<>();
    private final AtomicBoolean open = new AtomicBoolean(true);

    /**
     * @param wanted of which flows there are rows; of an event no backend is known
     * @param goesOn asked now and then; false ends the rows
     */
    Follow(StageContext context, Predicate<Flow> wanted, BooleanSupplier goesOn, LongSupplier monotonicNanos) {
        this.listening = context.map("manx_flow_listening");
        this.event = context.struct("flow_event");
        this.begins = context.constant("FLOW_BEGINS");
        this.state = new StateOf(context);
        this.wanted = wanted;
        this.goesOn = goesOn;
        this.monotonicNanos = monotonicNanos;
        this.events = context.events("manx_flow_events");
        events.poll(old -> {});
        listen(true);
    }

    /** What was lost before is forgotten. */
    private void listen(boolean on) {
        ByteBuffer value = listening.value().allocate();
        listening.value().field("on").set(value, on ? 1 : 0);
        listening.put(listening.key().allocate(), value);
    }

    private long lost() {
        return listening.value().field("lost").get(listening.get(listening.key().allocate()).orElseThrow());
    }

    @Override
    public boolean hasNext() {
        while (read.isEmpty() && open.get() && goesOn.getAsBoolean()) {
            if (events.await(LOOK)) {
                long lost = lost();
                events.poll(bytes -> take(bytes, lost));
            }
        }
        return !read.isEmpty();
    }

    @Override
    public EventRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return read.remove();
    }

    private void take(ByteBuffer bytes, long lost) {
        Flow flow = flow(bytes);
        if (wanted.test(flow)) {
            read.add(row(get(bytes, "kind") == begins ? "begins" : "ends", flow, lost));
        }
    }

    private Flow flow(ByteBuffer bytes) {
        long at = get(bytes, "at_ns");
        return new Flow(
                (int) get(bytes, "protocol"),
                new Flow.End(event.field("source").address(bytes), (int) get(bytes, "source_port")),
                new Flow.End(event.field("destination").address(bytes), (int) get(bytes, "destination_port")),
                state.said(get(bytes, "said[0]"), get(bytes, "said[1]")),
                Optional.empty(),
                new Flow.Leg(get(bytes, "originator_packets"), get(bytes, "originator_bytes")),
                new Flow.Leg(get(bytes, "responder_packets"), get(bytes, "responder_bytes")),
                at,
                at);
    }

    private EventRow row(String what, Flow flow, long lost) {
        return new EventRow(
                what,
                seconds(monotonicNanos.getAsLong() - flow.last()),
                Protocols.name(flow.protocol()),
                Addresses.text(flow.originator().address()),
                flow.originator().port(),
                Addresses.text(flow.responder().address()),
                flow.responder().port(),
                flow.state().name().toLowerCase(Locale.ROOT),
                flow.fromOriginator().packets(),
                flow.fromOriginator().bytes(),
                flow.fromResponder().packets(),
                flow.fromResponder().bytes(),
                lost);
    }

    private long get(ByteBuffer bytes, String field) {
        return event.field(field).get(bytes);
    }

    private static double seconds(long nanos) {
        return Math.max(0, Math.round(nanos / NANOS_A_SECOND * MILLIS_A_SECOND) / MILLIS_A_SECOND);
    }

    boolean isOpen() {
        return open.get();
    }

    @Override
    public void close() {
        if (open.getAndSet(false)) {
            listen(false);
            events.close();
        }
    }
}
