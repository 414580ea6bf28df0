package io.manx.nat;

import io.manx.nat.ServiceTables.Entry;
import io.manx.nat.ServiceTables.Member;
import io.manx.nat.ServiceTables.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The writes that lead from what the tables hold to what they shall hold, in the order they are made.
 *
 * <p>A set of backends never changes, and frontends with equal backends name one set: so a set that stands is kept
 * wherever its backends are wanted, whoever wrote it, and everything needed is in the maps.
 *
 * @param arriving members of new sets
 * @param gone frontends that no service has any more
 * @param changed frontends that are new, or name another set
 * @param leaving members of sets that no frontend names any more
 * @param backendsAfter how many backends there are in the end
 */
record TableChange(
        Map<Member, Backend> arriving,
        Set<Frontend> gone,
        Map<Frontend, Entry> changed,
        Set<Member> leaving,
        long backendsAfter) {

    private static final long SETS = 1L << 32;

    static TableChange between(State state, Map<Frontend, List<Backend>> wanted) {
        Map<List<Backend>, Long> sets = standing(state);
        long last = state.backends().keySet().stream().mapToLong(Member::set).max().orElse(0);
        Set<Long> taken = new HashSet<>(sets.values());
        Map<Member, Backend> arriving = new LinkedHashMap<>();
        Map<Frontend, Entry> changed = new LinkedHashMap<>();
        Map<Long, Integer> used = new HashMap<>();
        for (Map.Entry<Frontend, List<Backend>> want : wanted.entrySet()) {
            List<Backend> backends = want.getValue();
            Long set = backends.isEmpty() ? Long.valueOf(0) : sets.get(backends);
            if (set == null) {
                last = free(last, taken);
                set = last;
                sets.put(backends, set);
                addMembers(arriving, set, backends);
            }
            used.put(set, backends.size());
            Entry entry = new Entry(set, backends.size());
            if (!entry.equals(state.frontends().get(want.getKey()))) {
                changed.put(want.getKey(), entry);
            }
        }
        Set<Frontend> gone = new HashSet<>(state.frontends().keySet());
        gone.removeAll(wanted.keySet());
        Set<Member> leaving = new HashSet<>(state.backends().keySet());
        leaving.removeIf(member -> used.containsKey(member.set()));
        long backendsAfter = used.values().stream().mapToLong(size -> size).sum();
        return new TableChange(arriving, gone, changed, leaving, backendsAfter);
    }

    /** The sets in the maps, by their backends. One whose writer stopped half-way is no less good for what it has. */
    private static Map<List<Backend>, Long> standing(State state) {
        Map<Long, TreeMap<Long, Backend>> members = new HashMap<>();
        state.backends().forEach((member, backend) -> members.computeIfAbsent(member.set(), set -> new TreeMap<>())
                .put(member.index(), backend));
        Map<List<Backend>, Long> sets = new HashMap<>();
        members.forEach((set, backends) -> {
            if (backends.lastKey() == backends.size() - 1) {
                sets.put(new ArrayList<>(backends.values()), set);
            }
        });
        return sets;
    }

    private static void addMembers(Map<Member, Backend> members, long set, List<Backend> backends) {
        for (int index = 0; index < backends.size(); index++) {
            members.put(new Member(set, index), backends.get(index));
        }
    }

    /** A number that no set has, the longer unused the better: a packet under way may still hold an old one. 0 is none. */
    private static long free(long last, Set<Long> taken) {
        long next = last;
        do {
            next = (next + 1) % SETS;
        } while (next == 0 || !taken.add(next));
        return next;
    }
}
