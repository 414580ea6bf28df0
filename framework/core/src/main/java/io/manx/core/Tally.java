package io.manx.core;

import java.util.Map;

/**
 * What the stages have counted until a moment. Figures only grow, except where an interface goes and comes again.
 *
 * @param nanos of the clock that the reader has
 * @param packets that reached a stage, by place
 * @param drops by place and reason
 * @param versions of what counted
 */
record Tally(long nanos, Map<Place, Long> packets, Map<Drop, Long> drops, Map<Stage, Version> versions) {
    /** A stage of one hook; a name may be taken on each. */
    record Stage(Hook hook, String name) {}

    /** A stage at one attach point. @param row of the attach point in manx_ends */
    record Place(int row, Stage stage) {}

    /** @param reason by its name: numbers of a stage's own reasons mean something else in another version */
    record Drop(Place place, String reason) {}
}
