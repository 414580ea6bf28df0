package io.manx.itest.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import io.manx.testkit.Running;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a switch takes, the write that packets can see: every stage of the default pipeline is
 * replaced in turn, on one veth, idle and under traffic. Prints medians; asserts what does not depend on the machine.
 */
@Tag("alone")
class SwitchTimeIT {
    private static final int ROUNDS = 4;
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @TempDir
    Path state;

    @Test
    void measuresTheSwitchOfEachStageAndOfGenerations() {
        try (Namespaces net = Namespaces.ofThisProcess("manx-switch")) {
            Namespace here = net.add("here");
            Namespace there = net.add("there");
            net.connect(here, "eth0", there, "eth0");
            here.address("eth0", "192.0.2.1/24");
            there.address("eth0", "192.0.2.2/24");
            here.start("iperf3", "-s", "--forceflush").awaitLine("Server listening", Duration.ofSeconds(10));

            Running measurement = here.start(ModulePath.command(SwitchTimeMain.class, state.toString(), "eth0",
                    Integer.toString(ROUNDS)));
            measurement.awaitLine("^chain fastpath parse conntrack ", LONGEST);
            measure(measurement, "idle");
            try (Running traffic = there.start(
                    "iperf3", "--forceflush", "-u", "-b", "0", "-l", "200", "-t", "600", "-c", "192.0.2.1")) {
                traffic.awaitLine("connected to", LONGEST);
                measure(measurement, "traffic");
            }
            measurement.endInput();
            measurement.awaitEnd(LONGEST);

            System.out.println(measurement.output());
            assertThat(measurement.output().lines().toList())
                    .contains("lost 0")
                    .filteredOn(line -> line.contains("one slot, all"))
                    .hasSize(2)
                    .allMatch(line -> line.endsWith("; of " + 8 * ROUNDS));
        }
    }

    private static void measure(Running measurement, String when) {
        measurement.input(when);
        measurement.awaitLine(when + "; generation", LONGEST);
    }
}
