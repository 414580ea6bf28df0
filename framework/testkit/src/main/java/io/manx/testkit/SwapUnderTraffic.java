package io.manx.testkit;

import io.manx.api.stage.StageControl;
import io.manx.core.AttachMode;
import io.manx.core.Engine;
import io.manx.core.Hook;
import io.manx.core.StageDescriptor;
import io.manx.core.Version;
import io.manx.core.WhichPackets;
import io.manx.core.view.StageView;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.ProgramType;
import io.manx.libbpf.netlink.RtNetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Replaces a stage by its next version, over and over, while datagrams go through it both ways, and counts them.
 *
 * <pre>{@code
 * @Test
 * void losesNothingWhenItIsReplacedUnderTraffic() {
 *     SwapUnderTraffic.Report report = SwapUnderTraffic.of("hit-count", OBJECT).replace(20);
 *     assertThat(report.lost()).isZero();
 * }
 * }</pre>
 *
 * <p>The engine is the one that runs in Manx; the stage is alone in its pipeline but for those named by {@link #behind}
 * and {@link #with}.
 * The traffic is UDP over IPv4 to a free port, so the stage must let that go on. Takes root, and namespaces and an
 * interface of its own, which are gone at the end.
 */
public final class SwapUnderTraffic {
    private static final int PACKETS_BETWEEN_SWAPS = 200;
    private static final Duration PACKETS_COME = Duration.ofSeconds(60);

    private final String stage;
    private final Path object;
    private final List<StageDescriptor> before = new ArrayList<>();
    private final List<StageDescriptor> others = new ArrayList<>();
    private Supplier<Optional<StageControl>> control = Optional::empty;
    private boolean controlled;

    /**
     * What came of it.
     *
     * @param sent datagrams sent through the interface's ingress
     * @param arrived of those
     * @param answered answers to those that came back through its egress
     * @param longestSwitchMicros from the first write to the live pipeline to the last
     */
    public record Report(int replacements, long sent, long arrived, long answered, double longestSwitchMicros) {
        /** Datagrams that did not arrive, and answers that did not come back. */
        public long lost() {
            return sent - answered;
        }
    }

    private SwapUnderTraffic(String stage, Path object) {
        this.stage = stage;
        this.object = object;
    }

    /** @param stage its name as the capability gives it: {@code hit-count}. @param object its compiled object */
    public static SwapUnderTraffic of(String stage, Path object) {
        return new SwapUnderTraffic(stage, object);
    }

    /** A stage that comes before it, in the order of these calls, and stays: {@code parse}, which fills the note. */
    public SwapUnderTraffic behind(String name, Path itsObject) {
        before.add(descriptor(name, itsObject, new Version(1, 0, 0, ""), Optional::empty));
        return this;
    }

    /** A stage that is there too, and stays, wherever the fields it publishes and requires put it. */
    public SwapUnderTraffic with(String name, Path itsObject) {
        others.add(descriptor(name, itsObject, new Version(1, 0, 0, ""), List.of(), Optional::empty));
        return this;
    }

    /** Makes the control of each version of the stage. */
    public SwapUnderTraffic control(Supplier<StageControl> maker) {
        control = () -> Optional.of(maker.get());
        controlled = true;
        return this;
    }

    /**
     * Replaces the stage so many times under traffic.
     *
     * @throws AssertionError it does not run, or a replacement is refused, and why; or no traffic comes through it
     */
    public Report replace(int times) {
        try {
            Path state = Files.createTempDirectory("manx-swap");
            try (SwapTrack track = new SwapTrack();
                    RtNetlink network = new RtNetlink();
                    Engine engine = new Engine(
                            new Engine.Options(state, AttachMode.AUTO, Set.of(track.device())), network)) {
                return run(engine, track, times);
            } finally {
                removeAll(state);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("trying stage " + stage + " under traffic", e);
        }
    }

    private Report run(Engine engine, SwapTrack track, int times) {
        before.forEach(engine::offer);
        others.forEach(engine::offer);
        StageDescriptor current = version(0);
        engine.offer(current);
        start(engine);
        checkRuns(engine, stage);
        others.forEach(other -> checkRuns(engine, other.name()));
        track.start();
        double longest = 0;
        for (int i = 1; i <= times; i++) {
            track.awaitPackets(PACKETS_BETWEEN_SWAPS, PACKETS_COME);
            StageDescriptor next = version(i);
            engine.withdraw(current);
            engine.offer(next);
            longest = Math.max(longest, settled(engine, next).switchMicros());
            current = next;
        }
        track.awaitPackets(PACKETS_BETWEEN_SWAPS, PACKETS_COME);
        return track.end(times, longest);
    }

    private void start(Engine engine) {
        try {
            engine.start();
        } catch (IllegalStateException e) {
            throw new AssertionError("stage " + stage + " does not run: " + e.getMessage(), e);
        }
    }

    private static void checkRuns(Engine engine, String name) {
        StageView view = engine.view().stages().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        if (!view.state().equals("running")) {
            throw new AssertionError("stage " + name + " is " + view.state() + ": " + view.why());
        }
    }

    private static Engine.Settled settled(Engine engine, StageDescriptor next) {
        return engine.settle("the test").orElseThrow(() -> new AssertionError(
                "version " + next + " was refused: " + engine.refusal(next).orElse("the engine does not say why")));
    }

    private StageDescriptor version(int number) {
        return descriptor(stage, object, new Version(1, 0, number, ""), control);
    }

    /** After all that stand before it so far. */
    private StageDescriptor descriptor(
            String name, Path file, Version version, Supplier<Optional<StageControl>> itsControl) {
        return descriptor(name, file, version, before.stream().map(StageDescriptor::name).toList(), itsControl);
    }

    private StageDescriptor descriptor(
            String name, Path file, Version version, List<String> after, Supplier<Optional<StageControl>> itsControl) {
        return new StageDescriptor(
                name, "test." + name, 1, version, hook(file), after, List.of(), WhichPackets.EVERY,
                () -> Files.readAllBytes(file), controlled && name.equals(stage), itsControl);
    }

    private static Hook hook(Path file) {
        try {
            ObjectSpec spec = ObjectSpec.parse(file.getFileName().toString(), Files.readAllBytes(file));
            boolean xdp = spec.programs().stream().anyMatch(program -> program.type() == ProgramType.XDP);
            return xdp ? Hook.XDP : Hook.TC;
        } catch (IOException e) {
            throw new UncheckedIOException("stage object " + file + " can't be read: compile it first", e);
        }
    }

    private static void removeAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
