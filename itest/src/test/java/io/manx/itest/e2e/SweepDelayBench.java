package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.PinRoot;
import io.manx.itest.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the sweeps of a running Manx cost at 512,000 flows, and what real packets notice of them: round trips of both ends in
 * one thread on one CPU, in windows of a tenth of a second. How long the sweeping thread has worked meanwhile tells whether a
 * window had a sweep in it, so both kinds are interleaved as they come.
 *
 * <p>Prints, and bounds no time; not run by itself: {@code mvn -o -pl itest -am verify -Dit.test=SweepDelayBench -Dtest=NONE
 * -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false}.
 */
class SweepDelayBench {
    /** All but a few of the 512,000 that there may be: those of the round trips come on top. */
    private static final int FLOWS = 511_000;

    private static final int ROUND_TRIPS = 30_000;
    private static final int WINDOWS = 200;
    private static final int WARM_UP = 20;
    private static final int CPU = 1;
    private static final double SWEEPS_NANOS = 1e6;
    private static final Path TRAFFIC = Home.ROOT.resolve("bench/target/classes/META-INF/native/manx-traffic");

    private record Window(double p50, double p90, double p99, long sweptNanos) {}

    @Test
    void whatPacketsNoticeOfSweepsOnAnyCpu() throws Exception {
        measure("sweeps on any CPU", false);
    }

    @Test
    void whatPacketsNoticeOfSweepsOnTheirCpu() throws Exception {
        measure("sweeps on the packets' CPU", true);
    }

    private static void measure(String what, boolean sameCpu) throws Exception {
        try (Lab lab = new Lab("manx-sw");
                RunningManx manx = RunningManx.start(
                        lab, "--config", lab.sampleResources().toString())) {
            FlowTables.fillEstablished(
                    PinRoot.of(lab.folder.resolve("state")).maps().resolve(PinRoot.encode("manx_flows4")), FLOWS);
            Path sweeper = sweeper(manx.pid());
            if (sameCpu) {
                lab.client.exec("taskset", "-pc", Integer.toString(CPU), sweeper.getFileName().toString());
            }
            windows(lab, sweeper, WARM_UP);
            long began = System.nanoTime();
            long workedBefore = workedNanos(sweeper);
            List<Window> windows = windows(lab, sweeper, WINDOWS);
            double share = 100.0 * (workedNanos(sweeper) - workedBefore) / (System.nanoTime() - began);
            System.out.printf(Locale.ROOT, "sweep: %s, %d flows: %.2f %% of a core%n", what, FLOWS, share);
            print("without a sweep", windows.stream().filter(window -> window.sweptNanos() == 0).toList());
            print("with one", windows.stream().filter(window -> window.sweptNanos() > SWEEPS_NANOS).toList());
        }
    }

    private static List<Window> windows(Lab lab, Path sweeper, int count) throws IOException {
        List<Window> windows = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            long before = workedNanos(sweeper);
            String said = lab.client.exec(
                    TRAFFIC.toString(), "pingpong", "client=" + lab.client.name(), "server=" + lab.one.name(),
                    "to=" + Lab.ADDRESS_ONE, "to_port=" + Lab.STREAM_PORT, "bind_port=" + Lab.STREAM_PORT,
                    "protocol=udp", "count=" + ROUND_TRIPS, "cpu=" + CPU);
            windows.add(new Window(
                    number(said, "p50_ns"), number(said, "p90_ns"), number(said, "p99_ns"), workedNanos(sweeper) - before));
        }
        return windows;
    }

    private static double number(String said, String name) {
        Matcher found = Pattern.compile(name + "=(\\d+)").matcher(said);
        assertThat(found.find()).as(said).isTrue();
        return Double.parseDouble(found.group(1));
    }

    private static void print(String what, List<Window> windows) {
        System.out.printf(
                Locale.ROOT,
                "sweep: %4d windows %-15s  p50 %s  p90 %s  p99 %s us (median, in brackets the quartiles)%n",
                windows.size(), what, spread(windows, Window::p50), spread(windows, Window::p90), spread(windows, Window::p99));
    }

    private static String spread(List<Window> windows, ToDoubleFunction<Window> what) {
        double[] sorted = windows.stream().mapToDouble(what).sorted().toArray();
        return sorted.length == 0
                ? "-"
                : String.format(
                        Locale.ROOT, "%.1f (%.1f, %.1f)", sorted[sorted.length / 2] / 1e3, sorted[sorted.length / 4] / 1e3,
                        sorted[sorted.length * 3 / 4] / 1e3);
    }

    /** Its folder in /proc; the kernel keeps fifteen letters of a thread's name. */
    private static Path sweeper(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            List<Path> found = threads.filter(SweepDelayBench::sweeps).toList();
            assertThat(found).as("threads that sweep").hasSize(1);
            return found.get(0);
        }
    }

    private static boolean sweeps(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip().equals("manx-conntrack-");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("a thread's name", e);
        }
    }

    private static long workedNanos(Path thread) throws IOException {
        return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
    }
}
