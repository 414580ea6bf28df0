package io.manx.core;

import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One generation: a prog array, the programs that know their slots in it, and which of them packets go through.
 *
 * @param number counts generations, from 1
 * @param stages every loaded stage, by name, idle ones too
 * @param chain the stages packets go through, in order
 * @param exit what the last one calls
 */
record Pipeline(int number, PhasedArray array, Map<String, Loaded> stages, List<Loaded> chain, BpfObject exit) {
    static final int ENTRY_SLOT = 0;
    private static final String NO_WORK = "it has no work, and packets are routed around it";
    private static final String SPLITS_LANES = "STAGE_SPLITS_LANES";

    /** @param member what it is to a stage that stands for it */
    record Loaded(StageInstance instance, BpfObject object, BpfProgram program, int slot, StandIn.Member member) {
        static Loaded of(StageInstance instance, BpfObject object, int slot) {
            StageDescriptor descriptor = instance.descriptor();
            boolean splitsLanes = object.spec().btf().constant(SPLITS_LANES).isPresent();
            return new Loaded(
                    instance,
                    object,
                    object.program(descriptor.program()),
                    slot,
                    new StandIn.Member(descriptor, object.spec().sha256(), splitsLanes));
        }

        /** Whether packets may take another lane than the first from here on. */
        boolean splitsLanes() {
            return member.splitsLanes();
        }

        boolean isStandIn() {
            return instance.descriptor().isStandIn();
        }

        String name() {
            return instance.descriptor().name();
        }

        StageFields fields() {
            return StageFields.of(object.spec().btf());
        }

        boolean isIn(Lane lane) {
            return instance.descriptor().packets().areIn(lane);
        }
    }

    /** Every stage, in order, idle ones too. */
    List<StageInstance> instances() {
        return stages.values().stream().map(Loaded::instance).toList();
    }

    /** Whether these are its stages, and those of them that are idle now are routed around. */
    boolean is(List<StageInstance> wanted) {
        return instances().equals(wanted) && active(stages).equals(chain);
    }

    /** The same, with packets going around the stages that are idle now. */
    Pipeline routed() {
        return new Pipeline(number, array, stages, active(stages), exit);
    }

    Optional<Loaded> loaded(StageInstance instance) {
        return stages.values().stream().filter(stage -> stage.instance() == instance).findFirst();
    }

    /**
     * The chain: without the stages that are idle, but for those that write a field which a stage of the chain reads.
     * Without its writer the field would hold what an earlier packet has left. And without those that stand for others
     * and may not.
     */
    static List<Loaded> active(Map<String, Loaded> stages) {
        List<Loaded> reversed = new ArrayList<>(stages.values());
        Collections.reverse(reversed);
        LinkedList<Loaded> chain = new LinkedList<>();
        Set<NoteField> read = new HashSet<>();
        for (Loaded stage : reversed) {
            StageFields fields = stage.fields();
            boolean works = !stage.instance().isIdle() || fields.publishes().stream().anyMatch(read::contains);
            if (works && objection(stage, stages.values(), chain).isEmpty()) {
                chain.addFirst(stage);
                read.addAll(fields.requires());
            }
        }
        return List.copyOf(chain);
    }

    private static Optional<String> objection(Loaded stage, Collection<Loaded> loaded, List<Loaded> behind) {
        return StandIn.objection(stage.instance().descriptor(), members(loaded), members(behind));
    }

    private static List<StandIn.Member> members(Collection<Loaded> stages) {
        return stages.stream().map(Loaded::member).toList();
    }

    /** Why packets go around a stage of these; empty where they pass it. */
    Optional<String> whyAround(Loaded stage) {
        return chain.contains(stage) ? Optional.empty() : objection(stage).or(() -> Optional.of(NO_WORK));
    }

    /** Why one of these that stands for others may not. */
    Optional<String> objection(Loaded stage) {
        List<Loaded> order = List.copyOf(stages.values());
        List<Loaded> behind = chain.stream()
                .filter(other -> order.indexOf(other) > order.indexOf(stage))
                .toList();
        return objection(stage, order, behind);
    }

    List<String> chainNames() {
        return chain.stream().map(Loaded::name).toList();
    }

    /** The stages of the chain that a lane's packets pass. */
    List<Loaded> lane(Lane lane) {
        return chain.stream().filter(stage -> stage.isIn(lane)).toList();
    }

    /**
     * What each row must hold for the chain to be the one packets take, in the phase that they take. Rows that none of
     * them reads are not among these: the kernel changes the machine code of every call through a row that is written.
     */
    Map<Integer, BpfProgram> rows() {
        int split = firstSplit();
        Map<Integer, BpfProgram> rows = new TreeMap<>();
        for (Lane lane : Lane.values()) {
            BpfProgram next = EntryPrograms.exitProgram(exit);
            for (int i = chain.size() - 1; i >= 0; i--) {
                Loaded stage = chain.get(i);
                if (lane == Lane.FIRST || i == split || i > split && (stage.isIn(lane) || stage.splitsLanes())) {
                    rows.put(stage.slot() * Lane.values().length + lane.ordinal(), next);
                }
                next = stage.isIn(lane) ? stage.program() : next;
            }
        }
        return rows;
    }

    /** What an entry calls. */
    BpfProgram first() {
        return chain.isEmpty() ? EntryPrograms.exitProgram(exit) : chain.get(0).program();
    }

    private int firstSplit() {
        for (int i = 0; i < chain.size(); i++) {
            if (chain.get(i).splitsLanes()) {
                return i;
            }
        }
        return chain.size();
    }

    /**
     * One stage in, out, or replaced where it was; the others the same and in the same order. Those that stand for others
     * may come and go with it: they have rows of their own.
     */
    static boolean differsByOneStage(List<Loaded> before, List<Loaded> after) {
        return differByOne(withoutStandIns(before), withoutStandIns(after));
    }

    static List<Loaded> withoutStandIns(List<Loaded> chain) {
        return chain.stream().filter(stage -> !stage.isStandIn()).toList();
    }

    private static boolean differByOne(List<Loaded> before, List<Loaded> after) {
        Set<String> changed = new TreeSet<>();
        before.stream().filter(stage -> !after.contains(stage)).forEach(stage -> changed.add(stage.name()));
        after.stream().filter(stage -> !before.contains(stage)).forEach(stage -> changed.add(stage.name()));
        List<Loaded> keptBefore = before.stream().filter(after::contains).toList();
        List<Loaded> keptAfter = after.stream().filter(before::contains).toList();
        return changed.size() <= 1 && keptBefore.equals(keptAfter) && isWhereItWas(before, after);
    }

    /** Of as many stages as before, the one that is new stands at the place of the one that is gone. */
    private static boolean isWhereItWas(List<Loaded> before, List<Loaded> after) {
        if (before.size() != after.size()) {
            return true;
        }
        for (int i = 0; i < before.size(); i++) {
            if (after.contains(before.get(i)) != before.contains(after.get(i))) {
                return false;
            }
        }
        return true;
    }
}
