package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 200 interfaces: what they cost, and how fast they come and go. Prints a table of what it measured; holds only what no
 * busy machine can break.
 *
 * <p>Interfaces come and go by {@code ip}; Manx's log says when it has attached or let go, read every millisecond.
 */
@Tag("alone")
class ManyInterfacesIT {
    private static final int BAR_ATTACH_MILLIS = 5_000;
    /** Of a machine that does much else meanwhile. */
    private static final int PATIENCE = 3;

    private final Map<String, String> figures = new LinkedHashMap<>();
    private Optional<KernelMemory> memory = Optional.empty();

    @Test
    void attachesTwoHundredAndSharesTheirPrograms() throws Exception {
        try (ManyInterfaces net = new ManyInterfaces()) {
            Path config = net.resources();
            net.sample[1].start("socat", "UDP4-RECVFROM:5300,fork", "SYSTEM:read question; echo answer");
            try (RunningManx manx = RunningManx.start(net.folder, net.gateway, "--config", config.toString())) {
                memory = KernelMemory.of(manx.pid(), "manx-many");
                come(net, manx);
                assertSharedPrograms(manx);
                assertPacketsPass(net);
                comeAndGo(net, manx);
                flip(net, manx);
                assertPacketsPass(net);
                long begin = System.nanoTime();
                assertThat(manx.interrupt()).isZero();
                figure("end of 200, and of the process", millis(begin), "ms");
            }
            startWithAll(net, config);
        } finally {
            if (memory.isPresent()) {
                memory.get().close();
            }
            System.out.println("200 interfaces");
            figures.forEach((what, value) -> System.out.printf("  %-62s %s%n", what, value));
        }
    }

    /** All at once, while it runs. */
    private void come(ManyInterfaces net, RunningManx manx) throws IOException {
        int fresh = ManyInterfaces.COUNT - ManyInterfaces.SAMPLES;
        long before = memory.isPresent() ? memory.get().kilobytes() : 0;
        int entries = entries();
        LogTail tail = new LogTail(manx.logFile());
        long begin = System.nanoTime();
        net.fill();
        double made = millis(begin);
        tail.await(" attached ", 2 * fresh);
        double all = millis(begin);
        tail.close();
        figure("197 come at once: made by ip in", made, "ms");
        figure("197 come at once: attached, from the first's making on (bar 5,000)", all, "ms");
        if (memory.isPresent()) {
            figure("kernel memory of an interface", (double) (memory.get().kilobytes() - before) / fresh, "KiB");
        }
        figure("programs in the kernel for an interface", (double) (entries() - entries) / fresh, "");
        assertThat(all).isLessThan(PATIENCE * BAR_ATTACH_MILLIS);
    }

    /** Without those of interfaces that are not there. */
    private static List<JsonNode> attached(RunningManx manx) throws Exception {
        List<JsonNode> attached = new ArrayList<>();
        for (JsonNode pipeline : manx.json("pipelines")) {
            if (!pipeline.get("attach").asText().equals("waiting")) {
                attached.add(pipeline);
            }
        }
        return attached;
    }

    /** Entry programs on this machine; other tests may have some too. */
    private static int entries() throws IOException {
        Process bpftool = new ProcessBuilder("bpftool", "prog", "show").start();
        try (var out = bpftool.inputReader()) {
            return (int) out.lines().filter(line -> line.contains(" name manx_entry ")).count();
        }
    }

    private void assertSharedPrograms(RunningManx manx) throws Exception {
        Set<String> distinct = new TreeSet<>();
        List<JsonNode> pipelines = attached(manx);
        for (JsonNode pipeline : pipelines) {
            List<String> programs = new ArrayList<>();
            pipeline.get("lanes").forEach(lane -> lane.forEach(stage -> programs.add(
                    stage.get("name").asText() + " " + stage.get("programId").asInt())));
            assertThat(programs).hasSizeGreaterThan(5);
            distinct.add(programs.toString());
        }
        assertThat(pipelines).hasSize(2 * ManyInterfaces.COUNT);
        assertThat(distinct).as("one set of stage programs for all").hasSize(1);
    }

    private static void assertPacketsPass(ManyInterfaces net) {
        for (int from = 0; from < ManyInterfaces.SAMPLES; from++) {
            String to = ManyInterfaces.address((from + 1) % ManyInterfaces.SAMPLES);
            net.sample[from].exec("ping", "-c", "2", "-i", "0.2", "-W", "5", to);
        }
        String ask = "echo question | socat -t5 - UDP4:" + ManyInterfaces.address(1) + ":5300";
        assertThat(net.sample[0].exec("sh", "-c", ask).strip()).isEqualTo("answer");
    }

    private void comeAndGo(ManyInterfaces net, RunningManx manx) throws Exception {
        List<Double> adding = new ArrayList<>();
        List<Double> added = new ArrayList<>();
        List<Double> removing = new ArrayList<>();
        List<Double> removed = new ArrayList<>();
        for (int i = ManyInterfaces.COUNT; i < ManyInterfaces.COUNT + ManyInterfaces.MORE; i++) {
            int number = i;
            String name = ManyInterfaces.name(number);
            measure(manx, () -> net.add(number), " attached " + name + " ", 2, adding, added);
            measure(manx, () -> net.remove(number), "interface " + name + " is gone", 1, removing, removed);
        }
        figure("one added: ip link add itself (median)", median(adding), "ms");
        figure("one added: attached after that (median, bar 50)", median(added), "ms");
        figure("one removed: ip link del itself (median)", median(removing), "ms");
        figure("one removed: gone after that (median, bar 50)", median(removed), "ms");
        assertThat(attached(manx)).hasSize(2 * ManyInterfaces.COUNT);
    }

    /** @param byIp milliseconds of the change itself; @param after until the log has said so */
    private static void measure(
            RunningManx manx, Runnable change, String text, int times, List<Double> byIp, List<Double> after)
            throws IOException {
        settle();
        try (LogTail tail = new LogTail(manx.logFile())) {
            long begin = System.nanoTime();
            change.run();
            long made = System.nanoTime();
            tail.await(text, times);
            byIp.add((made - begin) / 1e6);
            after.add(millis(made));
        }
    }

    /** What came before has settled, so that each is measured alone. */
    private static void settle() {
        LockSupport.parkNanos(300_000_000L);
    }

    private void flip(ManyInterfaces net, RunningManx manx) throws Exception {
        Path nat = Bundles.withVersion(Home.jar("io.manx.nat"), "1.0.1", net.folder.resolve("nat.jar"));
        assertThat(manx.command("update", nat.toString()).status()).isZero();
        JsonNode last = null;
        for (JsonNode swap : manx.json("swaps")) {
            last = swap;
        }
        assertThat(last.get("generation").asInt()).as("two stages at once: %s", last).isEqualTo(2);
        assertThat(last.get("lost").asLong()).isZero();
        figure("a generation flips: prepared in", last.get("prepareMillis").asDouble(), "ms");
        figure("a generation flips: switched in", last.get("switchMicros").asDouble() / 1000, "ms");
    }

    private void startWithAll(ManyInterfaces net, Path config) throws Exception {
        long begin = System.nanoTime();
        try (RunningManx manx = RunningManx.start(net.folder, net.gateway, "--config", config.toString())) {
            figure("manx run with 200 there: ready after", millis(begin), "ms");
            figure("manx run with 200 there: first attached to last (bar 5,000)", attaching(manx), "ms");
            assertPacketsPass(net);
        }
    }

    /** Milliseconds between the first and the last attachment in the log; a line begins with HH:MM:SS.mmm. */
    private static double attaching(RunningManx manx) {
        List<Long> times = manx.log().lines()
                .filter(line -> line.contains(" attached "))
                .map(line -> java.time.LocalTime.parse(line.substring(0, 12)).toNanoOfDay() / 1_000_000)
                .toList();
        assertThat(times).hasSize(2 * ManyInterfaces.COUNT);
        return times.get(times.size() - 1) - times.get(0);
    }

    private void figure(String what, double value, String unit) {
        figures.put(what, String.format("%,9.1f %s", value, unit));
    }

    private static double millis(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
