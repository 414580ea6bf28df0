package io.manx.core;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the interfaces of a hook are to have: stages in their order, idle ones too.
 *
 * @param others of every interface that has none of its own
 * @param own by interface
 */
record Wanted(List<StageInstance> others, Map<String, List<StageInstance>> own) {
    List<StageInstance> of(String interfaceName) {
        return own.getOrDefault(interfaceName, others);
    }

    /** Each order once: interfaces that want the same share a pipeline. */
    Set<List<StageInstance>> distinct() {
        Set<List<StageInstance>> orders = new LinkedHashSet<>();
        orders.add(others);
        orders.addAll(own.values());
        return orders;
    }

    boolean isNothing() {
        return distinct().stream().allMatch(List::isEmpty);
    }
}
