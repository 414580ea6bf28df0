package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.manx.core.PinRoot;
import io.manx.itest.Await;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import io.manx.itest.e2e.Stamps.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever changes while the machine is busy with packets: all that was sent arrives, no connection breaks, and no packet
 * meets half of one pipeline and half of another (for that there are two stages of which one checks on the other).
 */
@Tag("alone")
class LoadIT {
    private static final int REPLACEMENTS = Share.of(1000);
    private static final int FLIPS = Share.of(200);
    private static final int KILLS = Share.of(20);
    private static final int BETWEEN_READINGS = 200;
    private static final int WITHOUT_MANX = 1000;
    private static final int SMALL_TABLE = 65_536;
    private static final int LARGE_TABLE = 512_000;
    /** Flows that no packet of the load belongs to. */
    private static final int QUIET_FLOWS = 50_000;
    /** The bar is 3 s on a machine with nothing else to do; this one is full. */
    private static final Duration LONGEST_ADOPTION = Duration.ofSeconds(60);

    private static Lab lab;
    private static FullLoad load;
    private static Path config;
    private Path deploy;
    private Path stamp;
    private RunningManx manx;
    private int version;

    @BeforeAll
    static void prepare() throws IOException {
        lab = new Lab("manx-load");
        config = lab.sampleResources();
        FullLoad.prepare(config);
        load = new FullLoad(lab);
    }

    @AfterAll
    static void remove() {
        if (load != null) {
            load.close();
        }
        lab.close();
    }

    @BeforeEach
    void start() throws IOException {
        deploy = Files.createTempDirectory(lab.folder, "deploy");
        stamp = Stamps.jar(nextVersion(), Side.LEFT, deploy.resolve("stamp.jar"));
        run();
    }

    @AfterEach
    void end() throws IOException {
        load.stop();
        if (manx != null) {
            manx.close();
        }
    }

    @Test
    void losesNothingWhileEveryStageIsReplacedInTurn() throws Exception {
        try (ManxShell shell = shell()) {
            for (String stage : SingleStages.NAMES) {
                change(shell, "install", SingleStages.jar(stage, "1.0.1", copyOf(stage)));
            }
            SwapFigures figures = new SwapFigures(swaps(shell));
            load.start();
            for (int i = 0; i < REPLACEMENTS; i++) {
                replace(shell, i);
                if (i % BETWEEN_READINGS == 0) {
                    figures.add(swaps(shell));
                }
            }
            figures.add(swaps(shell));
            load.end(REPLACEMENTS + " replacements of a stage");

            figures.print();
            assertThat(figures.size()).isEqualTo(REPLACEMENTS);
        }
    }

    /** Each stage in its turn, and then another that comes and goes. */
    private void replace(ManxShell shell, int number) throws IOException {
        int stages = SingleStages.NAMES.size() + 1;
        if (number % stages < SingleStages.NAMES.size()) {
            String stage = SingleStages.NAMES.get(number % stages);
            change(shell, "update", SingleStages.jar(stage, "1.1." + number, copyOf(stage)));
        } else if (number / stages % 2 == 0) {
            change(shell, "install", Home.noTelnet());
        } else {
            change(shell, "remove", "no-telnet");
        }
    }

    private static Path copyOf(String stage) {
        return lab.folder.resolve(stage + ".jar");
    }

    @Test
    void losesNothingWhileGenerationsFlip() throws Exception {
        try (ManxShell shell = shell()) {
            SwapFigures figures = new SwapFigures(swaps(shell));
            Path jar = lab.folder.resolve("stamp.jar");
            load.start();
            for (int i = 0; i < FLIPS; i++) {
                switch (i % 4) {
                    case 0 -> change(shell, "remove", Stamps.NAME);
                    case 1 -> change(shell, "install", Stamps.jar(nextVersion(), Side.LEFT, jar));
                    case 2 -> change(shell, "update", Stamps.jar(nextVersion(), Side.RIGHT, jar));
                    default -> change(shell, "update", Stamps.jar(nextVersion(), Side.LEFT, jar));
                }
            }
            figures.add(swaps(shell));
            load.end(FLIPS + " generations");

            figures.print();
            assertThat(figures.size()).isEqualTo(FLIPS);
        }
    }

    @Test
    void losesNothingWhileItIsKilledAndStartedAgain() throws Exception {
        List<Double> adoptions = new ArrayList<>();
        List<Double> work = new ArrayList<>();
        load.start();
        for (int i = 0; i < KILLS; i++) {
            manx.kill();
            flowsOn("a kill");
            if (i % 2 == 1) {
                changeBundles(i);
            }
            adoptions.add(run());
            work.add(manx.cpuSeconds());
        }
        flowsOn("the last start");
        load.end(KILLS + " kills");

        adoptions.sort(null);
        work.sort(null);
        System.out.printf(
                Locale.ROOT,
                "load: from manx run to ready, taking over what a killed one left: median %.2f s, max %.2f s;"
                        + " %.2f s of it a CPU's (median)%n",
                adoptions.get(KILLS / 2), adoptions.get(KILLS - 1), work.get(KILLS / 2));
        assertThat(adoptions.get(KILLS - 1)).isLessThan(LONGEST_ADOPTION.toSeconds());
    }

    /** With nobody there: of two stages at once, and of one of Manx's own, which comes or goes. */
    private void changeBundles(int kill) throws IOException {
        Stamps.jar(nextVersion(), kill % 4 == 1 ? Side.RIGHT : Side.LEFT, stamp);
        Path policy = deploy.resolve("policy.jar");
        if (!Files.deleteIfExists(policy)) {
            Bundles.withVersion(Home.jar("io.manx.policy"), "1.1." + kill, policy);
        }
    }

    @Test
    void losesNothingFromAnEndThatKeepsThePipelineToTheNextStart() throws Exception {
        manx.close();
        run("--on-exit", "keep");
        load.start();
        assertThat(manx.interrupt()).isZero();
        flowsOn("an end with --on-exit keep");
        Stamps.jar(nextVersion(), Side.RIGHT, stamp);
        run("--on-exit", "keep");
        flowsOn("the start after it");
        load.end("--on-exit keep and another start");
    }

    @Test
    void losesNoPacketAndNoFlowWhileTheFlowTableGrows() throws Exception {
        Path size = config.resolve("size.yaml");
        Path table = PinRoot.of(lab.folder.resolve("state")).maps().resolve("manx_flows4");
        try {
            Files.writeString(size, FlowTables.ofSize(SMALL_TABLE));
            Await.until("the table has its small size", () -> FlowTables.capacity(table) == SMALL_TABLE);
            FlowTables.fill(table, QUIET_FLOWS);
            load.start();
            flowsOn("the start");
            long began = System.nanoTime();
            Files.writeString(size, FlowTables.ofSize(LARGE_TABLE));
            Await.until("the table has its large size", () -> FlowTables.capacity(table) == LARGE_TABLE);
            double seconds = (System.nanoTime() - began) / 1e9;
            flowsOn("the table has grown");
            load.end(String.format(Locale.ROOT, "a flow table of %,d entries grown to %,d in %.1f s", SMALL_TABLE, LARGE_TABLE, seconds));

            assertThat(FlowTables.filled(table)).isEqualTo(QUIET_FLOWS);
        } finally {
            Files.deleteIfExists(size);
        }
    }

    // ---- steps

    /** @return seconds from the command to {@code ready} */
    private double run(String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--config", config.toString(), "--deploy", deploy.toString()));
        all.addAll(List.of(options));
        long began = System.nanoTime();
        manx = RunningManx.start(lab, all.toArray(String[]::new));
        return (System.nanoTime() - began) / 1e9;
    }

    private static void flowsOn(String when) {
        long enough = load.arrived() + WITHOUT_MANX;
        Await.until("datagrams arrive after " + when, () -> load.arrived() > enough);
    }

    private int nextVersion() {
        return ++version;
    }

    private static ManxShell shell() throws IOException {
        return new ManxShell(lab.folder.resolve("manx.sock"));
    }

    private static void change(ManxShell shell, String command, Object what) throws IOException {
        assertThat(shell.run(command + " " + what)).as(command + " " + what).contains("switched in");
    }

    private static JsonNode swaps(ManxShell shell) throws IOException {
        return new ObjectMapper().readTree(shell.run("swaps --json"));
    }
}
