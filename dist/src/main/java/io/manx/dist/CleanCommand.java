package io.manx.dist;

import io.manx.core.GracePeriods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code clean}: nothing is left of a Manx that has ended. */
@Command(
        name = "clean",
        description = {
            "Takes away everything that a Manx which no longer runs has left: programs on interfaces, pins, its state folder.",
            "Packets then go by the kernel's own stack."
        },
        mixinStandardHelpOptions = true)
final class CleanCommand implements Callable<Integer> {
    /** The kernel takes a link off a moment after its pin has gone; until then packets need what is pinned beside it. */
    private static final Duration LINKS_GO = Duration.ofMillis(200);

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = Places.DEFAULT_STATE,
            description = "The state folder it ran on (default ${DEFAULT-VALUE}).")
    private Path state;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = Places.DEFAULT_SOCKET,
            description = "The socket it listened on (default ${DEFAULT-VALUE}).")
    private Path socket;

    @Option(names = "--netns", paramLabel = "NAME", description = "The network namespace it worked in.")
    private String netns;

    @Override
    public Integer call() throws Refusal, IOException {
        Finding capabilities = Machine.capabilities();
        if (capabilities.prevents()) {
            throw new Refusal(capabilities.found() + ": " + capabilities.remedy());
        }
        Path folder = state.toAbsolutePath().normalize();
        Path pins = Places.pins(folder);
        if (Files.isDirectory(folder)) {
            StateLock.take(folder).close();
        }
        int filters = ClsactFilters.remove(pins);
        int links = links(pins.resolve("links"));
        detach(pins.resolve("links"));
        if (links > 0) {
            LockSupport.parkNanos(LINKS_GO.toNanos());
        }
        int others = count(pins);
        delete(pins);
        boolean remembered = Files.isDirectory(folder);
        delete(folder);
        Files.deleteIfExists(socket);
        System.out.printf(
                "removed %d links and %d filters from interfaces, %d pins, %s%n",
                links, filters, others, remembered ? "the state folder " + folder : "no state folder");
        if (GracePeriods.MACHINE.mend()) {
            System.out.println("put the kernel's grace periods back (/sys/kernel/rcu_expedited), which a killed Manx had left short");
        }
        return 0;
    }

    /** Each link waits for a grace period as it goes. */
    private static void detach(Path links) throws IOException {
        Optional<GracePeriods.Short> shortened = shorten();
        try {
            delete(links);
        } finally {
            if (shortened.isPresent()) {
                shortened.get().close();
            }
        }
    }

    /** Empty where the machine does not let us: it takes longer then. */
    private static Optional<GracePeriods.Short> shorten() {
        try {
            return Optional.of(GracePeriods.MACHINE.shorten());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Not those that only remember the row of a filter by clsact. */
    private static int links(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(folder)) {
            return (int) all.filter(pin -> !pin.toString().endsWith("-clsact")).count();
        }
    }

    private static int count(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return (int) all.filter(path -> !Files.isDirectory(path)).count();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
