package io.manx.core;

import io.manx.api.resource.Pipeline;
import io.manx.core.view.PositionView;
import io.manx.core.view.StageView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Why each stage of a hook stands where it does, or nowhere: in each pipeline, that of all others first. */
final class Standings {
    private final HookPlane plane;
    private final List<StageView> stages;
    private final List<PositionView> views = new ArrayList<>();

    private Standings(HookPlane plane, List<StageView> stages) {
        this.plane = plane;
        this.stages = stages.stream()
                .filter(view -> view.hook().equals(plane.hook().text()))
                .toList();
    }

    /** @param stages every one that is known */
    static List<PositionView> of(HookPlane plane, List<StageView> stages) {
        Standings standings = new Standings(plane, stages);
        Optional<Plan> inForce = plane.routing().inForce();
        inForce.ifPresent(standings::pipelines);
        standings.nowhere(inForce);
        inForce.ifPresent(standings::pending);
        return standings.views;
    }

    private void pipelines(Plan plan) {
        Map<Optional<Pipeline>, io.manx.core.Pipeline> all = new LinkedHashMap<>();
        plane.composer().current().ifPresent(composition -> {
            all.put(plan.others().by(), composition.others());
            plan.own().forEach((name, route) -> all.putIfAbsent(route.by(), composition.of(name)));
        });
        all.forEach((by, pipeline) -> {
            standing(by, pipeline);
            by.ifPresent(resource -> leftOut(resource, descriptors(pipeline), plan));
        });
    }

    private static List<StageDescriptor> descriptors(io.manx.core.Pipeline pipeline) {
        return pipeline.instances().stream().map(StageInstance::descriptor).toList();
    }

    private void standing(Optional<Pipeline> by, io.manx.core.Pipeline pipeline) {
        List<StageDescriptor> chain = descriptors(pipeline);
        FieldRules rules = plane.routing().rules(chain);
        List<List<String>> reasons = by.filter(resource -> !resource.order().isEmpty())
                .map(resource -> Positions.pinned(chain, rules, resource.toString()))
                .orElseGet(() -> Positions.of(chain, rules));
        for (int at = 0; at < chain.size(); at++) {
            String name = chain.get(at).name();
            StageView stage = view(view -> view.name().equals(name) && view.programId() != 0);
            Optional<String> around = pipeline.whyAround(pipeline.stages().get(name));
            List<String> all = new ArrayList<>(reasons.get(at));
            around.ifPresent(why -> all.add("idle: " + why));
            if (stage.state().equals("held")) {
                all.add("held: " + stage.why());
            }
            add(by, at + 1, stage, state(stage, around.isPresent()), all);
        }
    }

    /** A stage may run in one pipeline and be routed around in another. */
    private static String state(StageView stage, boolean around) {
        return List.of("running", "idle").contains(stage.state()) ? around ? "idle" : "running" : stage.state();
    }

    private void leftOut(Pipeline resource, List<StageDescriptor> chain, Plan plan) {
        plan.choice().order().chain().stream()
                .filter(stage -> !chain.contains(stage))
                .forEach(stage -> add(
                        Optional.of(resource),
                        0,
                        view(view -> view.name().equals(stage.name())
                                && view.bundle().equals(stage.bundle())
                                && view.version().equals(stage.version().toString())),
                        "left-out",
                        List.of("left out by " + resource)));
    }

    /** Of those that a resource leaves out it is said there. */
    private void nowhere(Optional<Plan> inForce) {
        List<String> leftOut = views.stream()
                .filter(view -> view.state().equals("left-out"))
                .map(PositionView::stage)
                .toList();
        stages.stream()
                .filter(view -> view.programId() == 0)
                .filter(view -> !view.state().equals("waiting") || !leftOut.contains(view.name()))
                .forEach(view -> add(inForce.flatMap(plan -> plan.others().by()), 0, view, view.state(), List.of(view.why())));
    }

    private void pending(Plan plan) {
        plan.pending().forEach((resource, reasons) -> reasons.forEach((stage, why) -> views.add(new PositionView(
                plane.hook().text(),
                resource.name(),
                0,
                stage,
                "",
                "",
                "missing",
                List.of(why + ": " + resource + " waits, and its interfaces keep the pipeline they have")))));
    }

    private StageView view(Predicate<StageView> which) {
        return stages.stream()
                .filter(which)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a stage of the " + plane.hook().text()
                        + " pipelines is none that is known"));
    }

    private void add(Optional<Pipeline> by, int position, StageView stage, String state, List<String> reasons) {
        views.add(new PositionView(
                stage.hook(),
                by.map(Pipeline::name).orElse(""),
                position,
                stage.name(),
                stage.bundle(),
                stage.version(),
                state,
                reasons));
    }
}
