package io.manx.core;

import io.manx.core.Tally.Stage;
import io.manx.core.Trial.Proven;
import io.manx.core.view.Probation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Updates on probation: every second each is judged by what its stages have dropped since, and one that fails is put back.
 * What stages dropped before is known from tallies that are taken all the time.
 *
 * <p>Public methods may be called from any thread but the engine's.
 */
public final class Probations {
    /** What is to be shown of a stage. */
    record Standing(boolean onProbation, String why) {}

    private static final Logger LOG = LoggerFactory.getLogger(Probations.class);
    private static final int TICK_MILLIS = 1000;

    private final EngineThread thread;
    private final Supplier<Tally> tallies;
    private final Supplier<? extends Collection<StageInstance>> loaded;
    private final Supplier<Set<String>> mapsInUse;
    private final LongSupplier clock;
    private final TallyHistory history = new TallyHistory();
    private final Map<String, Proven> prepared = new HashMap<>();
    private final Map<String, Trial> trials = new LinkedHashMap<>();
    private final Map<String, String> notes = new HashMap<>();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread ticking = new Thread(task, "manx-probation");
        ticking.setDaemon(true);
        return ticking;
    });

    /** Of a running engine. */
    Probations(EngineThread thread, TallyReader tallies, Collection<HookPlane> planes) {
        this(
                thread,
                tallies,
                () -> planes.stream().flatMap(plane -> plane.composer().instances().stream()).toList(),
                () -> HookPlane.mapsInUse(planes),
                System::nanoTime);
    }

    /**
     * @param tallies asked on the engine's thread, as the others are
     * @param loaded every stage that is loaded
     * @param mapsInUse their bundles' maps
     * @param clock nanoseconds, the one that the tallies have
     */
    Probations(
            EngineThread thread,
            Supplier<Tally> tallies,
            Supplier<? extends Collection<StageInstance>> loaded,
            Supplier<Set<String>> mapsInUse,
            LongSupplier clock) {
        this.thread = thread;
        this.tallies = tallies;
        this.loaded = loaded;
        this.mapsInUse = mapsInUse;
        this.clock = clock;
    }

    /** Ticks from here on. */
    void open() {
        ticker.scheduleWithFixedDelay(this::turn, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** To be called before the engine's thread ends. */
    void close() {
        ticker.shutdown();
    }

    /** A turn that fails must not be the last. */
    private void turn() {
        try {
            List<Trial> ended = thread.call(this::tick);
            ended.forEach(Trial::conclude);
        } catch (RuntimeException e) {
            if (ticker.isShutdown()) {
                LOG.debug("ended in the middle of a turn", e);
            } else {
                LOG.error("watching over the updates on probation: {}", e.getMessage(), e);
            }
        }
    }

    // ---- an update's way through it

    /**
     * To be called before an update. Until it {@link #begin begins} or is {@link #abandon abandoned}, the maps of the version
     * that runs are kept.
     *
     * @param version of the bundle as it is
     * @return the version that will come back if the new one fails: {@code version}, or where that is on probation itself,
     *     the one before it
     */
    public String prepare(String bundle, String version) {
        return thread.call(() -> {
            Proven proven = trials.containsKey(bundle) ? trials.get(bundle).proven() : proven(bundle, version);
            prepared.put(bundle, proven);
            return proven.version();
        });
    }

    private Proven proven(String bundle, String version) {
        Tally now = tally();
        Map<Stage, Window> windows = new HashMap<>();
        loaded.get().stream()
                .map(StageInstance::descriptor)
                .filter(stage -> stage.bundle().equals(bundle))
                .map(stage -> new Stage(stage.hook(), stage.name()))
                .filter(now.versions()::containsKey)
                .forEach(stage -> windows.put(stage, history.until(now, stage)));
        Set<String> maps = mapsInUse.get().stream()
                .filter(name -> name.startsWith(bundle + "/"))
                .collect(Collectors.toSet());
        return new Proven(version, windows, maps);
    }

    /** The update did not come about. */
    public void abandon(String bundle) {
        thread.run(() -> {
            prepared.remove(bundle);
        });
    }

    /**
     * The update is in force. Takes the place of the bundle's earlier probation, if there is one.
     *
     * @param version the new one
     * @param back puts the version before back, and tells {@link #wentBack} or {@link #stuck}; called with what is against
     *     the new version, on a thread of this class
     * @param stood called on that thread once the new version stays
     */
    public void begin(String bundle, String version, Probation terms, Consumer<String> back, Runnable stood) {
        thread.run(() -> {
            Proven proven = prepared.remove(bundle);
            notes.remove(bundle);
            trials.put(bundle, new Trial(bundle, proven, version, tally(), terms, loaded.get(), back, stood));
        });
    }

    /** Ends a bundle's probation without a verdict: it was updated or removed. What was said of it is forgotten. */
    public void end(String bundle) {
        thread.run(() -> {
            trials.remove(bundle);
            notes.remove(bundle);
        });
    }

    /** Whether a bundle is to be put back: a probation that was ended or begun anew meanwhile is not. */
    public boolean isFailing(String bundle) {
        return thread.call(() -> trials.containsKey(bundle) && trials.get(bundle).failure().isPresent());
    }

    public boolean isRunning(String bundle) {
        return thread.call(() -> trials.containsKey(bundle));
    }

    /** The version before runs again. */
    public void wentBack(String bundle) {
        thread.run(() -> {
            Trial trial = trials.remove(bundle);
            notes.put(bundle, "back to " + trial.proven().version() + ": " + trial.failure().orElseThrow());
            LOG.warn("bundle {} {} is back to {}: {}", bundle, trial.version(), trial.proven().version(), trial.failure().get());
        });
    }

    /** The version before could not be put back. @param why the reason */
    public void stuck(String bundle, String why) {
        thread.run(() -> {
            Trial trial = trials.remove(bundle);
            notes.put(bundle, trial.failure().orElseThrow() + "; but going back to " + trial.proven().version()
                    + " failed: " + why);
            LOG.error("bundle {} {}: {}; update it by hand", bundle, trial.version(), notes.get(bundle));
        });
    }

    // ---- on the engine's thread

    private Tally tally() {
        return history.complete(tallies.get());
    }

    /** Maps that a version needs which may come back. */
    Set<String> maps() {
        Set<String> names = new TreeSet<>();
        prepared.values().forEach(proven -> names.addAll(proven.maps()));
        trials.values().forEach(trial -> names.addAll(trial.proven().maps()));
        return names;
    }

    /** What a bundle's running stages are to be shown with, where it is, or was, on probation. */
    Optional<Standing> standing(String bundle) {
        Trial trial = trials.get(bundle);
        if (trial == null) {
            return Optional.ofNullable(notes.get(bundle)).map(note -> new Standing(false, note));
        }
        String before = trial.proven().version();
        return Optional.of(new Standing(
                true,
                trial.failure()
                        .map(why -> "going back to " + before + ": " + why)
                        .orElseGet(() -> secondsLeft(trial) + " s left; " + before + " comes back if this drops more")));
    }

    private long secondsLeft(Trial trial) {
        long nanos = Math.max(0, trial.nanosLeft(clock.getAsLong()));
        return (nanos + 999_999_999) / 1_000_000_000;
    }

    /** Judges what is on probation. @return what has failed or stood, to be concluded on another thread */
    List<Trial> tick() {
        long now = clock.getAsLong();
        if (trials.isEmpty() && !history.isDue(now)) {
            return List.of();
        }
        Tally tally = tally();
        if (history.isDue(now)) {
            history.add(tally);
        }
        List<Trial> ended = new ArrayList<>();
        for (Trial trial : List.copyOf(trials.values())) {
            if (trial.failure().isEmpty() && judge(trial, tally)) {
                ended.add(trial);
            }
        }
        return ended;
    }

    /** @return whether it has failed or stood, now */
    private boolean judge(Trial trial, Tally tally) {
        if (trial.isOver(loaded.get())) {
            trials.remove(trial.bundle());
            LOG.info("bundle {} {} no longer runs: its probation is over", trial.bundle(), trial.version());
            return false;
        }
        trial.judge(tally, loaded.get());
        if (trial.failure().isEmpty() && trial.nanosLeft(tally.nanos()) <= 0) {
            trials.remove(trial.bundle());
            LOG.info("bundle {} {} has stood its probation and stays", trial.bundle(), trial.version());
            return true;
        }
        return trial.failure().isPresent();
    }
}
