package io.manx.core;

import io.manx.api.resource.Resources;
import io.manx.core.Pipeline.Loaded;
import io.manx.core.Steps.Step;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of a change that is verified and loaded, and told about the resources, with nothing live touched. A pipeline
 * that differs by one stage from one that runs keeps its prog array; any other gets a fresh one.
 */
final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    /** What all of a hook's changes need. */
    record Tools(EntryPrograms ends, Loader loader, SlotTable slots, Steps steps) {}

    private final Tools tools;
    private final Resources resources;
    private final Undo undo;
    private final Set<String> namesInUse = new HashSet<>();
    private final Set<StageInstance> running = new HashSet<>();
    private int generations;

    /**
     * @param before null where there is none
     * @param generations the highest number so far
     */
    Preparation(Tools tools, Composition before, int generations, Resources resources, Undo undo) {
        this.tools = tools;
        this.generations = generations;
        this.resources = resources;
        this.undo = undo;
        if (before != null) {
            before.loaded().forEach(stage -> {
                namesInUse.add(stage.name());
                running.add(stage.instance());
            });
        }
    }

    /**
     * @param heirs pipelines that run, by what they are to become
     * @throws RefusedStageException one can't go in
     */
    Composition prepare(Wanted wanted, Map<List<StageInstance>, Pipeline> heirs) throws RefusedStageException {
        Map<List<StageInstance>, Pipeline> pipelines = new LinkedHashMap<>();
        for (List<StageInstance> stages : wanted.distinct()) {
            pipelines.put(stages, load(stages, Optional.ofNullable(heirs.get(stages))));
        }
        for (Pipeline pipeline : pipelines.values()) {
            begin(pipeline);
        }
        for (List<StageInstance> stages : wanted.distinct()) {
            pipelines.put(stages, settled(stages, pipelines.get(stages), heirs.get(stages)));
        }
        return Composition.of(wanted, pipelines);
    }

    /** Which stages have work is only known once their controls were told. */
    private Pipeline settled(List<StageInstance> stages, Pipeline loaded, Pipeline heir) throws RefusedStageException {
        Pipeline next = loaded.routed();
        if (heir == null || heir.is(stages)) {
            return heir == null ? next : heir;
        }
        if (Pipeline.differsByOneStage(heir.chain(), next.chain())) {
            return next;
        }
        Pipeline fresh = load(stages, Optional.empty());
        begin(fresh);
        loaded.stages().values().stream()
                .filter(stage -> heir.loaded(stage.instance()).isEmpty())
                .forEach(stage -> stage.object().close());
        return fresh.routed();
    }

    private Pipeline load(List<StageInstance> stages, Optional<Pipeline> heir) throws RefusedStageException {
        PhasedArray array = heir.isPresent() ? heir.get().array() : newArray();
        BpfObject exit = heir.isPresent() ? heir.get().exit() : newExit(array);
        Map<String, Loaded> loaded = new LinkedHashMap<>();
        for (StageInstance instance : stages) {
            Optional<Loaded> kept = heir.flatMap(pipeline -> pipeline.loaded(instance));
            loaded.put(instance.descriptor().name(), kept.isPresent() ? kept.get() : load(instance, array));
        }
        int number = heir.isPresent() ? heir.get().number() : ++generations;
        return new Pipeline(number, array, loaded, Pipeline.active(loaded), exit);
    }

    private Loaded load(StageInstance instance, PhasedArray array) throws RefusedStageException {
        StageDescriptor stage = instance.descriptor();
        int slot = tools.slots().slotOf(stage.name(), namesInUse);
        namesInUse.add(stage.name());
        tools.steps().before(Step.LOAD_STAGE);
        BpfObject object = tools.loader().load(stage, slot, array.map());
        undo.push(object::close);
        return Loaded.of(instance, object, slot);
    }

    /** Controls of stages that no pipeline has had are told, each once; those of the others go on as they are. */
    private void begin(Pipeline pipeline) throws RefusedStageException {
        for (Loaded stage : pipeline.stages().values()) {
            if (!running.contains(stage.instance())) {
                begin(stage);
            }
        }
    }

    /** The control fills its maps; a second load in the same change does not ask it again. */
    private void begin(Loaded stage) throws RefusedStageException {
        boolean again = stage.instance().use(stage.object());
        if (again) {
            return;
        }
        undo.push(() -> tellUnloaded(stage.instance()));
        try {
            tools.steps().before(Step.TELL_LOADED);
            stage.instance().loaded(resources);
        } catch (Exception | LinkageError e) {
            throw RefusedStageException.because(
                    stage.instance().descriptor(), "its control said: " + Failure.why(e), e);
        }
    }

    /** A control that fails at its end must not keep the data plane from its own; its classes may be gone by then. */
    static void tellUnloaded(StageInstance instance) {
        try {
            instance.unloaded();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the control of stage {} failed at its end: {}", instance.descriptor(), e.getMessage(), e);
        }
    }

    private PhasedArray newArray() {
        tools.steps().before(Step.CREATE_ARRAY);
        PhasedArray array = new PhasedArray(BpfMap.create(tools.ends().arraySpec()));
        undo.push(array::close);
        return array;
    }

    private BpfObject newExit(PhasedArray array) {
        tools.steps().before(Step.LOAD_EXIT);
        BpfObject exit = tools.ends().loadExit(array.map());
        undo.push(exit::close);
        return exit;
    }
}
