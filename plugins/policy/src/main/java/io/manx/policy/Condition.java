package io.manx.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a rule asks of one dimension.
 *
 * @param inEach the value must be in a prefix of each of these sets; no sets: any value will do
 * @param inNone and in no prefix of this one
 */
record Condition(List<Set<Prefix>> inEach, Set<Prefix> inNone) {
    static final Condition ANY = new Condition(List.of(), Set.of());

    /** No value can meet it. */
    boolean impossible() {
        return inEach.stream().anyMatch(Set::isEmpty);
    }

    /** Whether a value meets it that is in these prefixes, and in no other that any rule mentions. */
    boolean holds(Collection<Prefix> prefixes) {
        return inEach.stream().noneMatch(set -> Collections.disjoint(set, prefixes))
                && Collections.disjoint(inNone, prefixes);
    }

    /** Every prefix it mentions. */
    Set<Prefix> prefixes() {
        Set<Prefix> all = new HashSet<>(inNone);
        inEach.forEach(all::addAll);
        return all;
    }
}
