package io.manx.core;

import io.manx.libbpf.BpfException;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.ProgramSpec;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Verifies and loads a stage's object into a slot; touches nothing that packets go through. */
final class Loader {
    private final MapStore maps;
    private final NoteContract contract;
    private final NoteFields fields;
    private final Steps steps;
    private final TriedObjects tried = new TriedObjects();

    Loader(MapStore maps, NoteContract contract, NoteFields fields, Steps steps) {
        this.maps = maps;
        this.contract = contract;
        this.fields = fields;
        this.steps = steps;
    }

    /** @throws RefusedStageException naming bundle, program and reason */
    BpfObject load(StageDescriptor stage, int slot, BpfMap array) throws RefusedStageException {
        ObjectSpec spec = spec(stage);
        MapStore.Plan plan = plan(stage, spec, array, MigrationChoice.of(stage));
        BpfObject object = load(stage, spec, plan, slot);
        try {
            steps.before(Steps.Step.KEEP_MAPS);
            maps.keep(stage.bundle(), object, Set.of(EntryPrograms.ARRAY));
            migrate(stage, object, plan);
            return object;
        } catch (RefusedStageException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /** As {@link #load}, but maps that are not there yet go with the object. */
    BpfObject tryLoad(StageDescriptor stage, MigrationChoice migration, int slot, BpfMap array)
            throws RefusedStageException {
        ObjectSpec spec = spec(stage);
        return load(stage, spec, plan(stage, spec, array, migration), slot);
    }

    /** As {@link #tryLoad}; where it makes no map, a load in the same way that follows takes what was loaded here. */
    void tryOut(StageDescriptor stage, MigrationChoice migration, int slot, BpfMap array) throws RefusedStageException {
        ObjectSpec spec = spec(stage);
        MapStore.Plan plan = plan(stage, spec, array, migration);
        BpfObject object = load(stage, spec, plan, slot);
        if (plan.options().reusesAllMaps(spec)) {
            tried.keep(stage, plan.options(), object);
        } else {
            object.close();
        }
    }

    /** Closes what was tried and nobody took. */
    void forgetTried() {
        tried.close();
    }

    Migrations migrations() {
        return maps.migrations();
    }

    private MapStore.Plan plan(StageDescriptor stage, ObjectSpec spec, BpfMap array, MigrationChoice choice)
            throws RefusedStageException {
        try {
            return maps.plan(stage.bundle(), spec, Map.of(EntryPrograms.ARRAY, array), choice);
        } catch (IllegalArgumentException e) {
            throw refusal(stage, e.getMessage(), Optional.empty(), e);
        }
    }

    private BpfObject load(StageDescriptor stage, ObjectSpec spec, MapStore.Plan plan, int slot)
            throws RefusedStageException {
        try {
            fields.settings(stage.hook(), StageFields.of(spec.btf())).forEach(plan.options()::setting);
            LoadOptions options = plan.options().setting("manx_slot", slot);
            return tried.take(stage, spec, options).orElseGet(() -> spec.load(options));
        } catch (BpfException e) {
            throw refusal(stage, e.getMessage(), e.verifierLog(), e);
        } catch (IllegalArgumentException e) {
            throw refusal(stage, e.getMessage(), Optional.empty(), e);
        }
    }

    private void migrate(StageDescriptor stage, BpfObject object, MapStore.Plan plan) throws RefusedStageException {
        try {
            maps.migrate(stage, object, plan);
        } catch (BpfException | IllegalArgumentException e) {
            throw refusal(stage, e.getMessage(), Optional.empty(), e);
        }
    }

    /** The bundles' maps that a stage's object declares. */
    Set<String> mapsOf(StageDescriptor stage, ObjectSpec spec) {
        Set<String> names = new TreeSet<>();
        spec.maps().forEach(map -> names.add(MapStore.nameOf(stage.bundle(), map.name())));
        return names;
    }

    private ObjectSpec spec(StageDescriptor stage) throws RefusedStageException {
        ObjectSpec spec = parse(stage);
        ProgramSpec program = spec.programs().stream()
                .filter(found -> found.name().equals(stage.program()))
                .findFirst()
                .orElseThrow(() -> RefusedStageException.ofProgram(stage, "its object has no program "
                        + stage.program() + " (write STAGE(" + stage.name().replace('-', '_') + "))", null));
        if (!program.section().equals(stage.hook().text())) {
            throw RefusedStageException.ofProgram(stage, "program " + program.name() + " is in section "
                    + program.section() + ", the capability says hook=" + stage.hook().text(), null);
        }
        if (!spec.btf().hasStruct("note")) {
            throw RefusedStageException.ofProgram(
                    stage, "its object carries no BTF of struct note: build it with -g", null);
        }
        if (stage.isStandIn() && !StageFields.of(spec.btf()).publishes().isEmpty()) {
            throw RefusedStageException.ofProgram(stage, "it " + StandIn.whom(stage) + ", so packets may go around it at any"
                    + " time: it can't publish the note's field "
                    + StageFields.of(spec.btf()).publishes().get(0).name(), null);
        }
        Optional<String> misfit = contract.misfit(spec.btf());
        if (misfit.isPresent()) {
            throw RefusedStageException.ofProgram(
                    stage, misfit.get() + ": build it with this Manx's headers", null);
        }
        return spec;
    }

    private static ObjectSpec parse(StageDescriptor stage) throws RefusedStageException {
        try {
            return ObjectSpec.parse(stage.name() + ".bpf.o", stage.object().read());
        } catch (IOException | BpfException e) {
            throw RefusedStageException.ofProgram(stage, e.getMessage(), e);
        }
    }

    private static RefusedStageException refusal(
            StageDescriptor stage, String why, Optional<String> log, Exception cause) {
        String more = log.isPresent() ? "; the pipeline is unchanged; full verifier log: manx stages --log " + stage.name() : "";
        return RefusedStageException.ofProgram(stage, why + more, log.orElse(null), cause);
    }
}
