package io.manx.core;

import io.manx.core.Pipeline.Loaded;
import io.manx.core.Tally.Drop;
import io.manx.core.Tally.Place;
import io.manx.core.Tally.Stage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Reads what all stages have counted. To be asked on the engine's thread, between two changes. */
final class TallyReader implements Supplier<Tally> {
    private final Collection<HookPlane> planes;
    private final Counters counters;
    private final Drops drops;
    private final LongSupplier clock;

    /** @param clock nanoseconds */
    TallyReader(Collection<HookPlane> planes, Counters counters, Drops drops, LongSupplier clock) {
        this.planes = planes;
        this.counters = counters;
        this.drops = drops;
        this.clock = clock;
    }

    @Override
    public Tally get() {
        Tally tally = new Tally(clock.getAsLong(), new HashMap<>(), new HashMap<>(), new HashMap<>());
        List<Drops.Count> dropped = drops.all();
        for (HookPlane plane : planes) {
            plane.running().forEach(stage -> tally.versions().put(stageOf(plane, stage.name()), stage.version()));
            plane.composer().current().ifPresent(composition -> plane.points().all().forEach(
                    point -> read(plane, composition.of(point.interfaceName()), point.row(), dropped, tally)));
        }
        return tally;
    }

    private void read(HookPlane plane, Pipeline pipeline, int row, List<Drops.Count> dropped, Tally tally) {
        for (Lane lane : Lane.values()) {
            readPackets(plane, row, lane, pipeline.lane(lane), tally);
        }
        dropped.stream()
                .filter(count -> count.row() == row)
                .forEach(count -> readDrop(plane, pipeline, count, tally));
    }

    private void readPackets(HookPlane plane, int row, Lane lane, List<Loaded> stages, Tally tally) {
        counters.seen(row, lane, stages).forEach((name, seen) -> tally.packets()
                .merge(new Place(row, stageOf(plane, name)), seen.packets(), Long::sum));
    }

    private void readDrop(HookPlane plane, Pipeline pipeline, Drops.Count count, Tally tally) {
        plane.slots().stageOf(count.slot()).ifPresent(name -> {
            Map<String, Long> own = pipeline.stages().containsKey(name)
                    ? pipeline.stages().get(name).object().spec().btf().enumeration("stage_reason")
                    : Map.of();
            Place place = new Place(count.row(), stageOf(plane, name));
            tally.drops().put(new Drop(place, drops.nameOf(count.reason(), own)), count.packets());
        });
    }

    private static Stage stageOf(HookPlane plane, String name) {
        return new Stage(plane.hook(), name);
    }
}
