package io.manx.conntrack;

/**
 * A row of {@code flows --count}: one of the tables, or {@code all} of them.
 *
 * @param table {@code all}, {@code confirmed-ipv4}, {@code young-ipv4}, {@code confirmed-ipv6} or {@code young-ipv6}
 * @param flows that the filters let through; a translated one counts once
 * @param entries in use, of any flow: a translated one has two, and a young one keeps its own for a while after it is
 *     confirmed
 * @param limit the most entries
 * @param full packets since the table was made whose flow was to be confirmed and found no room here; it stays young
 */
public record FlowCount(String table, long flows, long entries, long limit, long full) {
    /** The sums. */
    static FlowCount all(Iterable<FlowCount> tables) {
        long flows = 0;
        long entries = 0;
        long limit = 0;
        long full = 0;
        for (FlowCount table : tables) {
            flows += table.flows;
            entries += table.entries;
            limit += table.limit;
            full += table.full;
        }
        return new FlowCount("all", flows, entries, limit, full);
    }
}
