package io.manx.core;

import io.manx.api.stage.StateMap;
import io.manx.core.view.DataPlane;
import io.manx.core.view.DropView;
import io.manx.core.view.MapView;
import io.manx.core.view.PipelineView;
import io.manx.core.view.PositionView;
import io.manx.core.view.ProgramView;
import io.manx.core.view.StageView;
import io.manx.core.view.SwapView;
import java.util.List;
import java.util.concurrent.Callable;

/** Asks the views on the engine's thread, between two changes. */
final class ThreadedDataPlane implements DataPlane {
    /** Runs a task on the engine's thread, and waits. */
    interface Caller {
        <T> T call(Callable<T> task);
    }

    private final DataPlane views;
    private final Caller engine;

    ThreadedDataPlane(DataPlane views, Caller engine) {
        this.views = views;
        this.engine = engine;
    }

    @Override
    public List<PipelineView> pipelines() {
        return engine.call(views::pipelines);
    }

    @Override
    public List<StageView> stages() {
        return engine.call(views::stages);
    }

    @Override
    public List<PositionView> positions() {
        return engine.call(views::positions);
    }

    @Override
    public List<DropView> drops() {
        return engine.call(views::drops);
    }

    @Override
    public List<SwapView> swaps() {
        return engine.call(views::swaps);
    }

    @Override
    public List<ProgramView> programs() {
        return engine.call(views::programs);
    }

    @Override
    public List<MapView> maps() {
        return engine.call(views::maps);
    }

    @Override
    public StateMap map(String name) {
        return engine.call(() -> views.map(name));
    }

    @Override
    public String refusalLog(String stage) {
        return engine.call(() -> views.refusalLog(stage));
    }
}
