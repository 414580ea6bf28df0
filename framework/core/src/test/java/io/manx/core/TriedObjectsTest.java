package io.manx.core;

import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.view.StageView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change takes the program that was verified when it was tried, where it is to be just that; nothing of a trial stays. */
class TriedObjectsTest extends OnVeth {
    private final StageDescriptor alpha = stage("1.0.0", "alpha");

    TriedObjectsTest() {
        super("y");
    }

    @BeforeEach
    void start() {
        begin(alpha);
    }

    @Test
    void takesTheProgramThatWasTried() throws Exception {
        Held before = Held.by(state);

        assertThat(updatedTo("alpha")).contains(running().programId());

        assertThat(Held.by(state)).isEqualTo(before);
    }

    @Test
    void loadsAnotherFileThanWasTried() throws Exception {
        Held before = Held.by(state);

        assertThat(updatedTo("alpha_twice")).doesNotContain(running().programId());

        assertThat(Held.by(state).pins()).isEqualTo(before.pins());
    }

    /** Tries alpha's object, then updates to this one. @return the programs there were between */
    private Set<Integer> updatedTo(String object) throws IOException {
        assertThat(engine.check(stage("2.0.0", "alpha"), false, "test")).isEmpty();
        Set<Integer> tried = programs();
        update(stage("2.0.0", object));
        assertThat(running().version()).isEqualTo("2.0.0");
        return tried;
    }

    @Test
    void loadsAnewForAnotherArray() throws Exception {
        assertThat(engine.check(stage("2.0.0", "alpha"), false, "test")).isEmpty();
        Set<Integer> tried = programs();
        engine.offer(KilledEngine.stage("beta", List.of("alpha")));

        update(stage("2.0.0", "alpha"));

        assertThat(running().version()).isEqualTo("2.0.0");
        assertThat(tried).doesNotContain(running().programId());
    }

    @Test
    void keepsNothingOfATrialThatNoChangeFollows() throws Exception {
        Held before = Held.by(state);
        assertThat(engine.check(stage("2.0.0", "alpha"), false, "test")).isEmpty();
        assertThat(engine.check(stage("3.0.0", "alpha"), false, "test")).isEmpty();
        assertThat(Held.by(state)).isNotEqualTo(before);

        engine.settle("test");

        assertThat(Held.by(state)).isEqualTo(before);
        assertThat(running().version()).isEqualTo("1.0.0");
    }

    @Test
    void keepsNothingOfATrialWhoseHeldChangeFailed() throws Exception {
        Held before = Held.by(state);
        engine.hold();
        assertThat(engine.check(stage("2.0.0", "alpha"), false, "test")).isEmpty();
        engine.release();

        assertThat(Held.by(state)).isEqualTo(before);
    }

    private void update(StageDescriptor next) {
        engine.withdraw(alpha);
        engine.offer(next);
        engine.settle("test");
    }

    private static StageDescriptor stage(String version, String object) {
        return offer("alpha", version, List.of(), List.of(), WhichPackets.EVERY, compiled(object + ".bpf.o"));
    }

    private StageView running() {
        return engine.view().stages().stream()
                .filter(stage -> stage.name().equals("alpha") && stage.programId() != 0)
                .findFirst()
                .orElseThrow();
    }

    /** Numbers of the programs that this process has a descriptor of. */
    private static Set<Integer> programs() throws IOException {
        Set<Integer> programs = new TreeSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
            for (Path descriptor : descriptors.filter(Files::exists).toList()) {
                try (Stream<String> lines = Files.lines(descriptor)) {
                    lines.filter(line -> line.startsWith("prog_id:"))
                            .forEach(line -> programs.add(Integer.parseInt(line.substring(8).strip())));
                } catch (java.nio.file.NoSuchFileException e) {
                    continue; /* That of the listing itself. */
                }
            }
        }
        return programs;
    }
}
