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

    private void turn() {
        guarded(() -> {
            List<Trial> ended = thread.call(this::tick);
            ended.forEach(trial -> guarded(trial::conclude));
        });
    }

    /** A turn that fails must not be the last, nor one bundle's keep another's from its end. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | LinkageError e) {
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
     * @param end hears how it ended, unless it was {@link #end ended} or begun anew before
     */
    public void begin(String bundle, String version, Probation terms, ProbationEnd end) {
        thread.run(() -> {
            Proven proven = prepared.remove(bundle);
            notes.remove(bundle);
            trials.put(bundle, new Trial(bundle, proven, version, tally(), terms, loaded.get(), end));
        });
    }

    /** Ends a bundle's probation without a verdict: it was updated or removed. What was said of it is forgotten. */
    public void end(String bundle) {
        thread.run(() -> {
            trials.remove(bundle);
            notes.remove(bundle);
        });
    }

    public boolean isRunning(String bundle) {
        return thread.call(() -> trials.containsKey(bundle));
    }

    /** What is done at the end of a probation. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /**
     * Ends a probation that has failed. Where it was ended or begun anew since, nothing is done. Whoever calls this keeps
     * other changes of the bundle away meanwhile.
     *
     * @param back puts the version before back
     * @return whether that runs again
     */
    public boolean goBack(String bundle, Work back) {
        if (ended(bundle).flatMap(Trial::failure).isEmpty()) {
            return false;
        }
        try {
            back.run();
        } catch (Exception | LinkageError e) {
            LOG.debug("going back failed", e);
            thread.run(() -> stuck(bundle, Failure.why(e)));
            return false;
        }
        thread.run(() -> wentBack(bundle));
        return true;
    }

    /**
     * Ends a probation that has been stood. Otherwise as {@link #goBack}.
     *
     * @param stay what is to be done first
     */
    public void stay(String bundle, Runnable stay) {
        if (ended(bundle).filter(Trial::hasStood).isPresent()) {
            try {
                stay.run();
            } finally {
                thread.run(() -> {
                    trials.remove(bundle);
                });
            }
        }
    }

    /** Adds to what is said of a bundle, where something is. */
    public void remark(String bundle, String more) {
        thread.run(() -> notes.computeIfPresent(bundle, (name, note) -> note + "; " + more));
    }

    private Optional<Trial> ended(String bundle) {
        return thread.call(() -> Optional.ofNullable(trials.get(bundle)).filter(trial -> trial.hasStood() || trial.hasFailed()));
    }

    // ---- on the engine's thread

    /** Somebody else may have ended the trial while the bundle was being replaced. */
    private void wentBack(String bundle) {
        Optional.ofNullable(trials.remove(bundle)).ifPresent(trial -> {
            String before = trial.proven().version();
            notes.put(bundle, "back to " + before + ": " + trial.failure().orElseThrow());
            LOG.warn("bundle {} {} is {}", bundle, trial.version(), notes.get(bundle));
        });
    }

    private void stuck(String bundle, String why) {
        Optional.ofNullable(trials.remove(bundle)).ifPresent(trial -> {
            notes.put(bundle, trial.failure().orElseThrow() + "; but going back to " + trial.proven().version()
                    + " failed: " + why);
            LOG.error("bundle {} {}: {}; update it by hand", bundle, trial.version(), notes.get(bundle));
        });
    }

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

    /** Judges what is on probation. @return what has ended now, to be concluded on another thread */
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
            if (!trial.hasFailed() && !trial.hasStood() && judge(trial, tally)) {
                ended.add(trial);
            }
        }
        return ended;
    }

    /** @return whether it has ended, now */
    private boolean judge(Trial trial, Tally tally) {
        if (trial.isOver(loaded.get())) {
            trials.remove(trial.bundle());
            LOG.info("bundle {} {} no longer runs: its probation is over", trial.bundle(), trial.version());
            return true;
        }
        trial.judge(tally, loaded.get());
        if (trial.hasStood()) {
            LOG.info("bundle {} {} has stood its probation and stays", trial.bundle(), trial.version());
        }
        return trial.hasStood() || trial.hasFailed();
    }
}
