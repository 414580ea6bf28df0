package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.itest.Await;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import io.manx.testkit.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * From a jar's arrival in the deploy folder to the first packet that its stage sees, measured at the packets: the stage
 * drops pings, and one is sent every millisecond. Prints the times; the bar of one second is for a machine that is idle.
 */
@Tag("alone")
class FirstPacketIT {
    private static final int TIMES = 10;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    /** Pings that have not come for so long do not come any more. */
    private static final double SILENCE_SECONDS = 1;
    private static final Path OBJECT = Path.of("target/test-classes/META-INF/bpf/no_ping.bpf.o");
    /** {@code [1732318895.123456] 64 bytes from ...}: seconds since 1970, as ping -D writes them. */
    private static final Pattern REPLY = Pattern.compile("\\[(\\d+\\.\\d+)\\] \\d+ bytes from");

    @Test
    void dropsPingsSoonAfterTheJarArrives() throws Exception {
        try (Lab lab = new Lab("manx-first")) {
            Path deploy = Files.createDirectories(lab.folder.resolve("deploy"));
            Path ready = Bundles.withObject(Home.noTelnet(), Files.readAllBytes(OBJECT), lab.folder.resolve("no-ping.jar"));
            try (RunningManx manx = RunningManx.start(
                    lab, "--config", lab.sampleResources().toString(), "--deploy", deploy.toString())) {
                List<Long> millis = new ArrayList<>();
                for (int i = 0; i < TIMES; i++) {
                    millis.add(dropIn(lab, ready, deploy));
                }
                assertThat(manx.json("drops").toString()).contains("no-telnet");
                List<Long> sorted = millis.stream().sorted().toList();
                System.out.println("from the jar to the first packet, ms: " + sorted + ", median " + sorted.get(TIMES / 2));
                assertThat(sorted.get(TIMES / 2)).isLessThan(LONGEST.toMillis() / 2);
            }
        }
    }

    /** @return milliseconds from the rename to the last ping that was answered */
    private static long dropIn(Lab lab, Path ready, Path deploy) throws Exception {
        Path next = deploy.resolve("no-ping.next");
        Path jar = deploy.resolve("no-ping.jar");
        Files.copy(ready, next);
        try (Running ping = lab.client.start("ping", "-D", "-i", "0.001", Lab.ADDRESS_ONE)) {
            ping.awaitLine(REPLY.pattern(), LONGEST);
            long renamed = System.currentTimeMillis();
            Files.move(next, jar);
            Await.until("pings stop", () -> seconds() - lastReply(ping) > SILENCE_SECONDS);
            double last = lastReply(ping);
            Files.delete(jar);
            Await.until("pings are answered again", () -> lastReply(ping) > last);
            return Math.round(last * 1000) - renamed;
        }
    }

    private static double seconds() {
        return System.currentTimeMillis() / 1000.0;
    }

    private static double lastReply(Running ping) {
        String output = ping.output();
        Matcher reply = REPLY.matcher(output.substring(output.lastIndexOf('\n') + 1));
        return reply.find() ? Double.parseDouble(reply.group(1)) : 0;
    }
}
