package io.manx.itest.conntrack;

import io.manx.itest.conntrack.Difference.Kind;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Why Manx does otherwise than the kernel, and means to: the table of docs/conntrack-differences.md. What has no row here
 * is a defect.
 */
enum Explanation {
    ;

    private final Kind kind;
    private final boolean partsWays;
    private final Set<Event> events;
    private final Predicate<Difference> further;

    /** @param partsWays the two know different things of the flow from here on: what follows is not compared */
    Explanation(Kind kind, boolean partsWays, Predicate<Difference> further, Event... events) {
        this.kind = kind;
        this.partsWays = partsWays;
        this.events = events.length == 0 ? EnumSet.noneOf(Event.class) : EnumSet.of(events[0], events);
        this.further = further;
    }

    static Optional<Explanation> of(Difference difference) {
        return Stream.of(values())
                .filter(row -> row.kind == difference.kind()
                        && row.events.contains(difference.step().event())
                        && row.further.test(difference))
                .findFirst();
    }

    boolean partsWays() {
        return partsWays;
    }
}
