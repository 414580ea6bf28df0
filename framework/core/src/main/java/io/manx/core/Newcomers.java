package io.manx.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps what is new from costing what runs its place: a new version that lacks what it needs, or that no longer has the
 * field that a stage after it reads, waits while the version that runs goes on.
 */
final class Newcomers {
    private final FieldRules rules;
    private final List<StageDescriptor> running;

    Newcomers(FieldRules rules, List<StageDescriptor> running) {
        this.rules = rules;
        this.running = running;
    }

    /**
     * A stage that must wait, and why, for the others that run to stay in the order.
     *
     * @param all that the order was made of
     */
    Optional<Map.Entry<StageDescriptor, String>> costly(Order order, Set<StageDescriptor> all) {
        return running.stream()
                .filter(stage -> order.chain().stream().noneMatch(other -> other.name().equals(stage.name())))
                .flatMap(lost -> culprit(lost, order, all.contains(lost)).stream())
                .findFirst();
    }

    /** @param stays whether it is to run on; else only a version that is to replace it may be at fault */
    private Optional<Map.Entry<StageDescriptor, String>> culprit(StageDescriptor lost, Order order, boolean stays) {
        Optional<Map.Entry<StageDescriptor, String>> successor = waiting(order)
                .filter(newcomer -> newcomer.getKey().name().equals(lost.name()))
                .findFirst();
        if (successor.isPresent() || !stays) {
            return successor;
        }
        String cost = lost.who() + " would have to go: " + order.waiting().get(lost);
        return running.stream()
                .filter(writer -> !rules.served(writer, lost).isEmpty())
                .flatMap(writer -> order.chain().stream().filter(newcomer -> isNew(newcomer, writer)))
                .findFirst()
                .map(newcomer -> Map.entry(newcomer, cost))
                .or(() -> waiting(order)
                        .filter(newcomer -> !rules.served(newcomer.getKey(), lost).isEmpty())
                        .findFirst())
                .or(() -> order.chain().stream()
                        .filter(newcomer -> running.stream().noneMatch(stage -> stage.name().equals(newcomer.name())))
                        .reduce((first, last) -> last)
                        .map(newcomer -> Map.entry(newcomer, cost)));
    }

    private Stream<Map.Entry<StageDescriptor, String>> waiting(Order order) {
        return order.waiting().entrySet().stream().filter(stage -> !running.contains(stage.getKey()));
    }

    private boolean isNew(StageDescriptor newcomer, StageDescriptor writer) {
        return newcomer.name().equals(writer.name()) && !running.contains(newcomer);
    }
}
