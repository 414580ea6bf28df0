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
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Flows as they begin and end, from the ring buffer of flow_event.h. The kernel tells as long as this is open. */
final class Follow implements Iterator<EventRow>, AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final double NANOS_A_SECOND = 1e9;
    private static final double MILLIS_A_SECOND = 1e3;

    private final StateMap listening;
    private final EventStream events;
    private final Layout event;
    private final long begins;
    private final BooleanSupplier goesOn;
    private final LongSupplier monotonicNanos;
    private final Deque<EventRow> read = new ArrayDeque<>();
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** @param goesOn asked now and then; false ends the rows */
    Follow(StageContext context, BooleanSupplier goesOn, LongSupplier monotonicNanos) {
        this.listening = context.map("manx_flow_listening");
        this.event = context.struct("flow_event");
        this.begins = context.constant("FLOW_BEGINS");
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
                events.poll(bytes -> read.add(row(bytes, lost)));
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

    private EventRow row(ByteBuffer bytes, long lost) {
        return new EventRow(
                get(bytes, "kind") == begins ? "begins" : "ends",
                seconds(monotonicNanos.getAsLong() - get(bytes, "at_ns")),
                Protocols.name((int) get(bytes, "protocol")),
                Addresses.text(event.field("source").address(bytes)),
                (int) get(bytes, "source_port"),
                Addresses.text(event.field("destination").address(bytes)),
                (int) get(bytes, "destination_port"),
                get(bytes, "originator_packets"),
                get(bytes, "originator_bytes"),
                get(bytes, "responder_packets"),
                get(bytes, "responder_bytes"),
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
