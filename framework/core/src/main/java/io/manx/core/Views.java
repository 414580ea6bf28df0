package io.manx.core;

import io.manx.api.stage.StateMap;
import io.manx.core.Pipeline.Loaded;
import io.manx.core.view.DataPlane;
import io.manx.core.view.DropView;
import io.manx.core.view.MapView;
import io.manx.core.view.PipelineView;
import io.manx.core.view.PipelineView.Lanes;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.core.view.PositionView;
import io.manx.core.view.ProgramView;
import io.manx.core.view.StageView;
import io.manx.core.view.SwapView;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.MapInfo;
import io.manx.libbpf.ProgramInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is running, read at each call. To be asked on the engine's thread. */
final class Views implements DataPlane {
    private static final String NOWHERE = "waiting";
    private final List<HookPlane> planes;
    private final Counters counters;
    private final Drops drops;
    private final MapStore maps;
    private final Catalog catalog;
    private final Swaps swaps;
    private final Probations probations;

    Views(
            Collection<HookPlane> planes,
            Counters counters,
            Drops drops,
            MapStore maps,
            Catalog catalog,
            Swaps swaps,
            Probations probations) {
        this.planes = List.copyOf(planes);
        this.counters = counters;
        this.drops = drops;
        this.maps = maps;
        this.catalog = catalog;
        this.swaps = swaps;
        this.probations = probations;
    }

    @Override
    public List<PipelineView> pipelines() {
        List<PipelineView> all = new ArrayList<>();
        for (HookPlane plane : planes) {
            plane.composer().current().ifPresent(composition -> plane.points().all().forEach(
                    point -> all.add(pipeline(composition.of(point.interfaceName()), point))));
            all.addAll(waiting(plane));
        }
        List<String> places = Stream.of(Place.values()).map(Place::text).toList();
        all.sort(Comparator.comparing(PipelineView::interfaceName).thenComparing(view -> places.indexOf(view.hook())));
        return all;
    }

    private static List<PipelineView> waiting(HookPlane plane) {
        List<PipelineView> waiting = new ArrayList<>();
        for (String name : plane.points().waiting()) {
            for (Place place : Place.of(plane.hook())) {
                if (plane.points().all().stream().noneMatch(p -> p.interfaceName().equals(name) && p.place() == place)) {
                    waiting.add(new PipelineView(name, place.text(), NOWHERE, 0, new Lanes(List.of(), List.of(), List.of())));
                }
            }
        }
        return waiting;
    }

    private PipelineView pipeline(Pipeline pipeline, AttachPoint point) {
        return new PipelineView(
                point.interfaceName(),
                point.place().text(),
                point.mode(),
                pipeline.number(),
                new Lanes(
                        lane(pipeline, point, Lane.FIRST),
                        lane(pipeline, point, Lane.ESTABLISHED),
                        lane(pipeline, point, Lane.TRANSLATED)));
    }

    private List<StageRow> lane(Pipeline pipeline, AttachPoint point, Lane lane) {
        List<Loaded> stages = pipeline.lane(lane);
        Map<String, Counters.Seen> seen = counters.seen(point.row(), lane, stages);
        return stages.stream()
                .map(stage -> {
                    StageDescriptor descriptor = stage.instance().descriptor();
                    Counters.Seen count = seen.get(stage.name());
                    return new StageRow(
                            stage.name(),
                            descriptor.bundle(),
                            descriptor.version().toString(),
                            stage.slot(),
                            stage.program().info().id(),
                            count.packets(),
                            count.bytes(),
                            count.drops());
                })
                .toList();
    }

    @Override
    public List<StageView> stages() {
        List<Loaded> loaded = loaded();
        Set<StageDescriptor> all = catalog.offered();
        loaded.forEach(stage -> all.add(stage.instance().descriptor()));
        Map<StageDescriptor, String> waiting = new HashMap<>();
        planes.forEach(plane -> waiting.putAll(plane.plan().waiting()));
        List<StageView> views = new ArrayList<>();
        for (StageDescriptor stage : all) {
            views.add(stage(stage, loaded, waiting));
        }
        views.sort(Comparator.comparing(StageView::name)
                .thenComparing(view -> view.programId() == 0)
                .thenComparing(StageView::version, Comparator.reverseOrder()));
        return views;
    }

    private StageView stage(StageDescriptor stage, List<Loaded> loaded, Map<StageDescriptor, String> waiting) {
        Loaded running = loaded.stream()
                .filter(candidate -> candidate.instance().descriptor().equals(stage))
                .findFirst()
                .orElse(null);
        String state;
        String why = "";
        if (running != null) {
            boolean held = !catalog.isOffered(stage);
            boolean around = isRoutedAround(running.instance());
            state = held ? "held" : around ? "idle" : "running";
            why = held
                    ? "its bundle is gone; stages that run or a Pipeline need it, or its successor was refused or waits"
                    : around ? objections(running.instance()) : "";
            Optional<Probations.Standing> standing = probations.standing(stage.bundle());
            if (!held && standing.isPresent()) {
                state = standing.get().onProbation() ? "probation" : state;
                why = standing.get().why();
            }
        } else if (catalog.refused().containsKey(stage)) {
            state = "refused";
            why = catalog.refused().get(stage).getMessage();
        } else {
            state = "waiting";
            why = waiting.getOrDefault(stage, "the pipeline is about to change");
        }
        StageFields fields = catalog.fields().of(stage);
        return new StageView(
                stage.name(),
                stage.bundle(),
                stage.version().toString(),
                stage.hook().text(),
                stage.packets().text(),
                stage.after(),
                stage.before(),
                fields.publishes().stream().map(NoteField::toString).toList(),
                fields.requires().stream().map(NoteField::toString).toList(),
                state,
                why,
                running == null ? 0 : running.program().info().id());
    }

    /** One without work is in the path all the same where a stage after it reads what it writes. */
    private boolean isRoutedAround(StageInstance stage) {
        return pipelinesNow()
                .flatMap(pipeline -> pipeline.chain().stream())
                .noneMatch(loaded -> loaded.instance() == stage);
    }

    /** Of one that stands for others: why it may not, in each of its pipelines. */
    private String objections(StageInstance stage) {
        return pipelinesNow()
                .flatMap(pipeline -> pipeline.loaded(stage).flatMap(pipeline::objection).stream())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private Stream<Pipeline> pipelinesNow() {
        return planes.stream()
                .flatMap(plane -> plane.composer().current().stream())
                .flatMap(composition -> composition.pipelines().stream());
    }

    @Override
    public List<PositionView> positions() {
        List<StageView> stages = stages();
        return planes.stream().flatMap(plane -> Standings.of(plane, stages).stream()).toList();
    }

    @Override
    public List<DropView> drops() {
        List<DropView> views = new ArrayList<>();
        for (Drops.Count count : drops.all()) {
            for (HookPlane plane : planes) {
                plane.points().all().stream()
                        .filter(point -> point.row() == count.row())
                        .forEach(point -> views.add(drop(plane, point, count)));
            }
        }
        views.sort(Comparator.comparing(DropView::interfaceName)
                .thenComparing(DropView::hook)
                .thenComparing(DropView::stage)
                .thenComparing(DropView::reason));
        return views;
    }

    private DropView drop(HookPlane plane, AttachPoint point, Drops.Count count) {
        String stage = count.slot() == Pipeline.ENTRY_SLOT
                ? "entry"
                : plane.slots().stageOf(count.slot()).orElse("slot " + count.slot());
        Map<String, Long> own = plane.composer().loaded().stream()
                .filter(loaded -> loaded.slot() == count.slot())
                .findFirst()
                .map(loaded -> loaded.object().spec().btf().enumeration("stage_reason"))
                .orElse(Map.of());
        return new DropView(
                point.interfaceName(),
                point.place().text(),
                stage,
                drops.nameOf(count.reason(), own),
                count.packets(),
                count.bytes());
    }

    @Override
    public List<SwapView> swaps() {
        return swaps.all();
    }

    @Override
    public List<ProgramView> programs() {
        List<ProgramView> views = new ArrayList<>();
        for (HookPlane plane : planes) {
            plane.composer().current().ifPresent(composition -> {
                composition.pipelines().forEach(pipeline -> views.add(
                        program(EntryPrograms.exitProgram(pipeline.exit()), "exit", "io.manx.core")));
                composition.loaded().forEach(stage -> views.add(program(
                        stage.program(), stage.name(), stage.instance().descriptor().bundle())));
                plane.points().all().forEach(point -> views.add(
                        program(point.entry().program(EntryPrograms.PROGRAM), "entry " + point, "io.manx.core")));
            });
        }
        return views;
    }

    private static ProgramView program(BpfProgram program, String stage, String bundle) {
        ProgramInfo info = program.info();
        return new ProgramView(
                info.id(),
                info.name(),
                stage,
                bundle,
                info.instructions(),
                info.verifiedInstructions(),
                info.jitedBytes(),
                info.tag());
    }

    @Override
    public List<MapView> maps() {
        List<MapView> views = new ArrayList<>();
        for (String name : new TreeSet<>(maps.names())) {
            BpfMap map = maps.get(name);
            MapInfo info = map.info();
            views.add(new MapView(
                    info.id(),
                    name,
                    info.type().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                    info.keySize(),
                    info.valueSize(),
                    info.maxEntries(),
                    entries(map, info),
                    maps.pin(name).toString()));
        }
        return views;
    }

    private static long entries(BpfMap map, MapInfo info) {
        if (info.type().array() || !info.type().state()) {
            return -1;
        }
        LongAdder count = new LongAdder();
        map.forEach((key, value) -> count.increment());
        return count.sum();
    }

    @Override
    public StateMap map(String name) {
        return maps.get(name);
    }

    @Override
    public String refusalLog(String stage) {
        return catalog.verifierLog(stage)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the verifier has refused no stage called " + stage + " since this Manx started"));
    }

    private List<Loaded> loaded() {
        return planes.stream().flatMap(plane -> plane.composer().loaded().stream()).toList();
    }
}
