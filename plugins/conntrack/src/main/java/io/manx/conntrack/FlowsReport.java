package io.manx.conntrack;

import io.manx.api.layout.Addresses;
import io.manx.api.report.Report;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command {@code flows}. */
@Component(service = Report.class)
public final class FlowsReport implements Report {
    private static final double NANOS_A_SECOND = 1e9;
    private static final double MILLIS_A_SECOND = 1e3;

    private final ConntrackControl control;
    private final LongSupplier monotonicNanos;

    /** On Linux, Java's nanoTime is CLOCK_MONOTONIC, which the kernel's flows are stamped with. */
    @Activate
    public FlowsReport(@Reference ConntrackControl control) {
        this(control, System::nanoTime);
    }

    FlowsReport(ConntrackControl control, LongSupplier monotonicNanos) {
        this.control = control;
        this.monotonicNanos = monotonicNanos;
    }

    @Override
    public String name() {
        return "flows";
    }

    @Override
    public String description() {
        return "connections that packets belong to, with counters of both directions";
    }

    @Override
    public List<Filter> filters() {
        return FlowFilter.FILTERS;
    }

    @Override
    public boolean isLive(Map<String, String> filters) {
        return filters.containsKey("follow");
    }

    @Override
    public Stream<? extends Record> rows(Map<String, String> filters) {
        FlowFilter filter = FlowFilter.of(filters);
        if (filters.containsKey("follow")) {
            return follow(filter, filters);
        }
        if (filters.containsKey("count")) {
            return count(filter);
        }
        if (filters.containsKey("delete")) {
            return Stream.of(new FlowsDeleted(delete(filter)));
        }
        long now = monotonicNanos.getAsLong();
        return shown(filter).map(flow -> row(flow, now));
    }

    private Stream<Flow> flows(FlowFilter filter) {
        return control.flows().stream().flatMap(FlowTable::flows).filter(filter::matches);
    }

    /** All tables together first, so that a script finds the sum in the first row. */
    private Stream<FlowCount> count(FlowFilter filter) {
        return control.flows().stream().flatMap(table -> {
            List<FlowCount> each = table.counts(filter::matches);
            return Stream.concat(Stream.of(FlowCount.all(each)), each.stream());
        });
    }

    private Stream<Flow> shown(FlowFilter filter) {
        Stream<Flow> flows = flows(filter);
        if (filter.top().isPresent()) {
            return Topmost.of(flows, filter.top().get(), filter.limit().getAsLong());
        }
        return filter.limit().isPresent() ? flows.limit(filter.limit().getAsLong()) : flows;
    }

    private long delete(FlowFilter filter) {
        if (!filter.selects()) {
            throw new IllegalArgumentException("flows --delete without a filter would end every connection: expected one of "
                    + "--src, --dst, --port, --proto or --state");
        }
        return control.flows().stream()
                .mapToLong(table -> shown(filter).filter(table::delete).count())
                .sum();
    }

    private Stream<EventRow> follow(FlowFilter filter, Map<String, String> given) {
        for (String other : List.of("top", "count", "delete")) {
            if (given.containsKey(other)) {
                throw new IllegalArgumentException("flows --follow shows flows as they come, and takes no --" + other
                        + ": expected --src, --dst, --port, --proto, --state or --limit beside it");
            }
        }
        Stream<EventRow> rows = control.follow(filter::matches, monotonicNanos).map(FlowsReport::live).orElse(Stream.empty());
        return filter.limit().isPresent() ? rows.limit(filter.limit().getAsLong()) : rows;
    }

    /** Not by flatMap, which would wait for the last of them. */
    private static Stream<EventRow> live(Follow follow) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(follow, Spliterator.ORDERED), false)
                .onClose(follow::close);
    }

    private static FlowRow row(Flow flow, long now) {
        return new FlowRow(
                Protocols.name(flow.protocol()),
                Addresses.text(flow.originator().address()),
                flow.originator().port(),
                Addresses.text(flow.responder().address()),
                flow.responder().port(),
                flow.state().name().toLowerCase(Locale.ROOT),
                flow.backend()
                        .map(end -> Addresses.text(end.address(), end.port()))
                        .orElse(""),
                flow.fromOriginator().packets(),
                flow.fromOriginator().bytes(),
                flow.fromResponder().packets(),
                flow.fromResponder().bytes(),
                seconds(now - flow.begin()),
                seconds(now - flow.last()));
    }

    /** To the millisecond; the kernel's clock is coarse, and may be ahead of a flow read a moment ago. */
    private static double seconds(long nanos) {
        return Math.max(0, Math.round(nanos / NANOS_A_SECOND * MILLIS_A_SECOND) / MILLIS_A_SECOND);
    }
}
