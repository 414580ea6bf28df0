package io.manx.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One dimension of a program: which rules a value may match, by its longest prefix.
 *
 * <p>Two values in the same prefixes are alike to every rule. So one row for each prefix that a rule mentions says
 * everything: the set of the rules that a value meets whose longest prefix this is. It differs from the row of the
 * prefix around it only in rules that mention this prefix, so it is made from that one.
 *
 * @param asking the rules that ask anything of this dimension
 * @param otherwise for a value in none of the prefixes
 * @param rows by prefix, without those that say the same as the prefix around them
 */
record Table(Row asking, Row otherwise, SortedMap<Prefix, Row> rows) {

    /** A prefix that holds the one at hand, and its rules. */
    private record Around(Prefix prefix, BitSet rules) {}

    /** @param conditions by rule. @param row makes one of a set of rules */
    static Table of(List<Condition> conditions, Function<BitSet, Row> row) {
        BitSet free = new BitSet();
        BitSet asking = new BitSet();
        for (int rule = 0; rule < conditions.size(); rule++) {
            free.set(rule, conditions.get(rule).inEach().isEmpty());
            asking.set(rule, !conditions.get(rule).equals(Condition.ANY));
        }
        SortedMap<Prefix, Row> rows = new TreeMap<>();
        Deque<Around> around = new ArrayDeque<>();
        for (Map.Entry<Prefix, List<Integer>> entry : mentions(conditions).entrySet()) {
            Prefix prefix = entry.getKey();
            while (!around.isEmpty() && !around.peek().prefix().covers(prefix)) {
                around.pop();
            }
            BitSet outer = around.isEmpty() ? free : around.peek().rules();
            BitSet rules = (BitSet) outer.clone();
            around.push(new Around(prefix, rules));
            List<Prefix> prefixes = around.stream().map(Around::prefix).toList();
            entry.getValue().forEach(rule -> rules.set(rule, conditions.get(rule).holds(prefixes)));
            if (!rules.equals(outer)) {
                rows.put(prefix, row.apply(rules));
            }
        }
        return new Table(row.apply(rows.isEmpty() ? new BitSet() : asking), row.apply(free), rows);
    }

    /** Of all its prefixes; none: they differ, or are of no bits, or there are none. */
    OptionalInt length() {
        int[] lengths = rows.keySet().stream().mapToInt(Prefix::length).distinct().toArray();
        return lengths.length == 1 && lengths[0] > 0 ? OptionalInt.of(lengths[0]) : OptionalInt.empty();
    }

    private static SortedMap<Prefix, List<Integer>> mentions(List<Condition> conditions) {
        SortedMap<Prefix, List<Integer>> mentions = new TreeMap<>();
        for (int rule = 0; rule < conditions.size(); rule++) {
            for (Prefix prefix : conditions.get(rule).prefixes()) {
                mentions.computeIfAbsent(prefix, unused -> new ArrayList<>()).add(rule);
            }
        }
        return mentions;
    }
}
