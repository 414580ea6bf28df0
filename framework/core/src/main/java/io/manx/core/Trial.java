package io.manx.core;

import io.manx.core.Tally.Stage;
import io.manx.core.view.Probation;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A bundle's update that is on probation. */
final class Trial {
    /**
     * The version that comes back if the new one fails.
     *
     * @param windows what its stages counted in their last minute
     * @param maps that it needs then
     */
    record Proven(String version, Map<Stage, Window> windows, Set<String> maps) {}

    private final String bundle;
    private final Proven proven;
    private final String version;
    private final Tally begin;
    private final long deadline;
    private final ProbationJudge judge;
    private final ProbationEnd end;
    private final Set<StageDescriptor> stages;
    private String failure;
    private boolean stood;

    /** @param end hears how it ended */
    Trial(
            String bundle,
            Proven proven,
            String version,
            Tally begin,
            Probation terms,
            Collection<StageInstance> loaded,
            ProbationEnd end) {
        this.bundle = bundle;
        this.proven = proven;
        this.version = version;
        this.begin = begin;
        this.deadline = begin.nanos() + terms.time().toNanos();
        this.judge = new ProbationJudge(terms.maxDropShare());
        this.stages = descriptors(loaded);
        this.end = end;
    }

    String bundle() {
        return bundle;
    }

    Proven proven() {
        return proven;
    }

    String version() {
        return version;
    }

    /** Why it has failed; empty while it has not. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Whether its time went by without a failure. */
    boolean hasStood() {
        return stood;
    }

    /** Tells how it ended. */
    void conclude() {
        if (hasFailed()) {
            end.failed(failure);
        } else if (stood) {
            end.stood();
        } else {
            end.replaced();
        }
    }

    long nanosLeft(long now) {
        return deadline - now;
    }

    /** Something else has taken the place of all its stages since. */
    boolean isOver(Collection<StageInstance> loaded) {
        Set<String> now = versions(descriptors(loaded));
        return versions(stages).stream().noneMatch(now::contains) && !stages.isEmpty();
    }

    private Set<StageDescriptor> descriptors(Collection<StageInstance> loaded) {
        return loaded.stream()
                .map(StageInstance::descriptor)
                .filter(stage -> stage.bundle().equals(bundle))
                .collect(Collectors.toSet());
    }

    private static Set<String> versions(Set<StageDescriptor> stages) {
        return stages.stream().map(StageDescriptor::toString).collect(Collectors.toSet());
    }

    /** Judges it by what was counted until now, and by what its controls have said. */
    void judge(Tally now, Collection<StageInstance> loaded) {
        Optional<String> objection = loaded.stream()
                .filter(instance -> instance.descriptor().bundle().equals(bundle))
                .flatMap(instance -> instance.failure().stream()
                        .map(said -> "the control of " + instance.descriptor().name() + " failed: " + said))
                .findFirst()
                .or(() -> stages.stream().flatMap(stage -> objection(stage, now).stream()).sorted().findFirst());
        failure = objection.orElse(null);
        stood = failure == null && nanosLeft(now.nanos()) <= 0;
    }

    private Optional<String> objection(StageDescriptor descriptor, Tally now) {
        Stage stage = new Stage(descriptor.hook(), descriptor.name());
        Window before = proven.windows().getOrDefault(stage, Window.NOTHING);
        return judge.objection(before, Window.between(begin, now, stage), nanosLeft(now.nanos()) <= 0)
                .map(why -> descriptor.name() + " " + why);
    }
}
