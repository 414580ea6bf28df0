package io.manx.core;

import io.manx.api.resource.Pipeline;
import io.manx.core.Order.CycleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a Pipeline resource makes of the stages there are.
 *
 * @param chain its stages, as far as they are there
 * @param missing stages that its order names and that are not there
 * @param conflicts where it and the stages contradict each other
 */
record Arrangement(List<StageDescriptor> chain, List<String> missing, List<Conflict> conflicts) {
    /**
     * @param stage that says where it must stand
     * @param other the stage that stands in its way, where one does
     * @param why names the resource, where it was read, the stages and their bundles
     */
    record Conflict(StageDescriptor stage, Optional<StageDescriptor> other, String why) {}

    /**
     * @param there one of each name, none of them waiting
     * @param rules of their fields
     */
    static Arrangement of(Pipeline resource, List<StageDescriptor> there, FieldRules rules) {
        return resource.order().isEmpty() ? derived(resource, there, rules) : pinned(resource, there, rules);
    }

    /** Whether packets may take the chain. */
    boolean isWhole() {
        return missing.isEmpty() && conflicts.isEmpty();
    }

    private static Arrangement derived(Pipeline resource, List<StageDescriptor> there, FieldRules rules) {
        List<StageDescriptor> rest = there.stream()
                .filter(stage -> !resource.without().contains(stage.name()))
                .toList();
        try {
            Order order = Order.of(rest, name -> resource + " leaves out", rules);
            List<Conflict> conflicts = new ArrayList<>();
            order.waiting().forEach((stage, why) -> conflicts.add(new Conflict(
                    stage, Optional.empty(), why + " (stage " + stage.name() + " is of bundle " + stage.bundle() + ")")));
            return new Arrangement(order.chain(), List.of(), conflicts);
        } catch (CycleException e) {
            throw new IllegalStateException("stages that have an order can't contradict each other without some", e);
        }
    }

    private static Arrangement pinned(Pipeline resource, List<StageDescriptor> there, FieldRules rules) {
        Map<String, StageDescriptor> named = new LinkedHashMap<>();
        there.forEach(stage -> named.put(stage.name(), stage));
        List<StageDescriptor> chain =
                resource.order().stream().map(named::get).filter(Objects::nonNull).toList();
        List<String> missing =
                resource.order().stream().filter(name -> !named.containsKey(name)).toList();
        List<Conflict> conflicts = new ArrayList<>();
        chain.forEach(stage -> conflicts(resource, stage, named, conflicts));
        conflicts.addAll(unserved(resource, chain, missing, rules));
        if (resource.order().size() > Order.LONGEST && !chain.isEmpty()) {
            conflicts.add(new Conflict(chain.get(chain.size() - 1), Optional.empty(), resource + " names "
                    + resource.order().size() + " stages, and tail calls allow " + Order.LONGEST));
        }
        return new Arrangement(chain, missing, conflicts);
    }

    /** Whoever reads a field of the note comes after the stage that writes it. */
    private static List<Conflict> unserved(
            Pipeline resource, List<StageDescriptor> chain, List<String> missing, FieldRules rules) {
        List<Conflict> conflicts = new ArrayList<>();
        if (missing.isEmpty()) {
            rules.unmet(chain, name -> resource + " leaves out")
                    .ifPresent(unmet -> conflicts.add(new Conflict(unmet.getKey(), Optional.empty(), unmet.getValue())));
        }
        for (StageDescriptor reader : chain) {
            chain.subList(chain.indexOf(reader) + 1, chain.size()).stream()
                    .filter(writer -> !rules.served(writer, reader).isEmpty())
                    .forEach(writer -> conflicts.add(new Conflict(
                            reader,
                            Optional.of(writer),
                            resource + " puts " + reader.who() + " before " + writer.name() + ", whose field "
                                    + rules.served(writer, reader).get(0).name() + " it requires")));
        }
        return conflicts;
    }

    private static void conflicts(
            Pipeline resource, StageDescriptor stage, Map<String, StageDescriptor> there, List<Conflict> conflicts) {
        List<String> order = resource.order();
        int at = order.indexOf(stage.name());
        String which = stage.who();
        for (String after : stage.after()) {
            int place = order.indexOf(after);
            if (place < 0) {
                conflicts.add(new Conflict(
                        stage, Optional.empty(), resource + " leaves out " + after + ", which " + which + " must follow"));
            } else if (place > at) {
                conflicts.add(new Conflict(
                        stage,
                        Optional.ofNullable(there.get(after)),
                        resource + " puts " + which + " before " + after + ", which it must follow"));
            }
        }
        for (String before : stage.before()) {
            int place = order.indexOf(before);
            if (place >= 0 && place < at) {
                conflicts.add(new Conflict(
                        stage,
                        Optional.ofNullable(there.get(before)),
                        resource + " puts " + which + " behind " + before + ", which it must precede"));
            }
        }
    }
}
