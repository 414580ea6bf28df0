package io.manx.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether packets may go through a stage that stands for others: one that, on some packets, does itself what those would
 * do, and ends them there. It must know the others as they are, and nobody else may miss those packets.
 *
 * <pre>
 *   fastpath > parse > conntrack > policy > nat > routes > forward     stands for parse, conntrack, nat, forward
 *   '----- all are named ------'  (first)  '- named, or of the first packets alone
 *                 tells flows apart
 * </pre>
 */
final class StandIn {
    /**
     * A stage that is loaded.
     *
     * @param digest SHA-256 of its object, in hex
     * @param splitsLanes whether packets may take another lane than the first from it on
     */
    record Member(StageDescriptor stage, String digest, boolean splitsLanes) {
        private String name() {
            return stage.name();
        }
    }

    private final StageDescriptor stage;
    private final List<Member> loaded;
    private final List<Member> behind;

    private StandIn(StageDescriptor stage, List<Member> loaded, List<Member> behind) {
        this.stage = stage;
        this.loaded = loaded;
        this.behind = behind;
    }

    /**
     * Why packets must go around a stage; empty where they need not, as with one that stands for none.
     *
     * @param loaded every stage of the pipeline in order, also those that packets go around
     * @param behind those that packets pass after this one
     */
    static Optional<String> objection(StageDescriptor stage, List<Member> loaded, List<Member> behind) {
        StandIn standIn = new StandIn(stage, loaded, behind);
        return standIn.misfit().or(standIn::bypassed).map(why -> "it " + whom(stage) + ", and " + why);
    }

    /** {@code stands for parse, conntrack}. */
    static String whom(StageDescriptor stage) {
        return "stands for " + String.join(", ", stage.standsFor().keySet());
    }

    /** Those it was built with must be here, behind it and in the order it knows. */
    private Optional<String> misfit() {
        List<String> order = loaded.stream().map(Member::name).toList();
        int place = order.indexOf(stage.name());
        String previous = "it";
        for (Map.Entry<String, String> named : stage.standsFor().entrySet()) {
            int at = order.indexOf(named.getKey());
            if (at < 0) {
                return Optional.of(named.getKey() + " is not in this pipeline");
            }
            Member there = loaded.get(at);
            if (!there.digest().equalsIgnoreCase(named.getValue())) {
                return Optional.of(there.name() + " " + there.stage().version() + " is not the one it was built with");
            }
            if (at < place) {
                return Optional.of(there.name() + " stands before " + previous);
            }
            place = at;
            previous = there.name();
        }
        return Optional.empty();
    }

    /** Another stage that would miss packets which end here. */
    private Optional<String> bypassed() {
        if (!stage.isStandIn()) {
            return Optional.empty();
        }
        int known = firstOfKnownFlows();
        for (int at = 0; at < behind.size(); at++) {
            Member other = behind.get(at);
            if (!isNamed(other) && (at < known || seesKnownFlows(other))) {
                return Optional.of(other.name() + ", " + whatItSees(other) + ", " + (at < lastNamed() ? "comes between" : "comes after them"));
            }
        }
        return Optional.empty();
    }

    /** The place from which on a stage may be there for undecided flows alone: until then all packets are in the first lane. */
    private int firstOfKnownFlows() {
        for (int at = behind.size() - 1; at >= 0; at--) {
            if (behind.get(at).splitsLanes() && isNamed(behind.get(at))) {
                return at + 1;
            }
        }
        return behind.size();
    }

    private int lastNamed() {
        int last = -1;
        for (int at = 0; at < behind.size(); at++) {
            last = isNamed(behind.get(at)) ? at : last;
        }
        return last;
    }

    private boolean isNamed(Member other) {
        return stage.standsFor().containsKey(other.name());
    }

    private static boolean seesKnownFlows(Member other) {
        WhichPackets packets = other.stage().packets();
        return packets.areIn(Lane.ESTABLISHED) || packets.areIn(Lane.TRANSLATED);
    }

    private static String whatItSees(Member other) {
        return seesKnownFlows(other)
                ? "which sees " + other.stage().packets().whose()
                : "which stands where known flows are not yet told apart";
    }
}
