package io.manx.core.view;

import io.manx.api.stage.StateMap;
import java.util.List;

/** The running data plane, read from the kernel at each call. */
public interface DataPlane {
    /** Attach points in the order of their interfaces' names; xdp, ingress, egress. */
    List<PipelineView> pipelines();

    /** Every stage that is known, running or not, in the order of names, the running version first. */
    List<StageView> stages();

    /** Why each stage stands where it does, by hook in the order of its pipeline, those that stand nowhere last. */
    List<PositionView> positions();

    /** Drop reasons with a count, by interface, hook, stage. */
    List<DropView> drops();

    /** The last 1,000 changes of the pipelines since this Manx started, refused ones too, the oldest first. */
    List<SwapView> swaps();

    List<ProgramView> programs();

    List<MapView> maps();

    /** @param name as {@link MapView#name}. @throws IllegalArgumentException there is none; the message names those that come near */
    StateMap map(String name);

    /** The verifier's whole log of the last refusal of a stage. @throws IllegalArgumentException there is none */
    String refusalLog(String stage);
}
