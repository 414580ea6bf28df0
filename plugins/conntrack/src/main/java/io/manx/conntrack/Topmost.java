package io.manx.conntrack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** Those that carried the most, the most first; no more of them are kept than are asked for. */
final class Topmost {
    private Topmost() {}

    static Stream<Flow> of(Stream<Flow> flows, FlowFilter.Top top, long limit) {
        Comparator<Flow> least = Comparator.comparingLong(top::of);
        PriorityQueue<Flow> most = new PriorityQueue<>(least);
        flows.forEach(flow -> {
            most.add(flow);
            if (most.size() > limit) {
                most.remove();
            }
        });
        List<Flow> sorted = new ArrayList<>(most);
        sorted.sort(least.reversed());
        return sorted.stream();
    }
}
