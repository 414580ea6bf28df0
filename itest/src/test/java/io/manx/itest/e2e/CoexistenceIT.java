package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.manx.itest.Home;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Programs and filters of others on the same interface, before and after Manx's: each sees packets all the time. */
class CoexistenceIT {
    private static final String DEVICE = "cl0";
    private static final String GATEWAY = "10.99.1.1";
    /** Lower preferences come first; Manx's filter has 77. */
    private static final int BEFORE = 10;

    private static final int AFTER = 100;

    private final Map<String, Bystander> others = new LinkedHashMap<>();
    private Lab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new Lab("manx-co");
    }

    @AfterEach
    void stop() throws Exception {
        try {
            for (Bystander other : others.values()) {
                other.close();
            }
        } finally {
            lab.close();
        }
    }

    @Test
    void tcxProgramsAndFiltersOfOthersWorkOn() throws Exception {
        filter("ingress", BEFORE);
        filter("egress", BEFORE);
        program("program before");
        requireAllSee("before Manx");

        try (RunningManx manx = start("tcx")) {
            program("program after");
            requireAllSee("with Manx");
            assertThat(ours("ingress")).isEmpty();
            assertThat(namesOfPrograms(manx)).hasSize(3 * 2).containsOnly("manx_entry");

            assertThat(manx.command("install", Home.noTelnet().toString()).err()).isEmpty();
            requireAllSee("with another stage");
            assertThat(manx.command("remove", "no-telnet").err()).isEmpty();
            requireAllSee("without it");

            manx.kill();
            requireAllSee("after kill -9");
        }
        requireAllSee("after clean");
    }

    @Test
    void filtersOfOthersWorkOnBesideOurs() throws Exception {
        for (String side : List.of("ingress", "egress")) {
            filter(side, BEFORE);
            filter(side, AFTER);
        }
        requireAllSee("before Manx");

        try (RunningManx manx = start("clsact")) {
            requireAllSee("with Manx");
            assertThat(ours("ingress")).hasSize(1);
            assertThat(ours("egress")).hasSize(1);
            assertThat(lab.gateway.exec("bpftool", "net", "show", "dev", DEVICE)).contains("manx_entry");

            assertThat(manx.command("install", Home.noTelnet().toString()).err()).isEmpty();
            requireAllSee("with another stage");
            manx.interrupt();
            requireAllSee("after Ctrl-C");
            assertThat(ours("ingress")).isEmpty();
        }
        requireAllSee("after clean");
    }

    @Test
    void cleanLeavesFiltersOfOthers() throws Exception {
        filter("ingress", BEFORE);
        filter("egress", AFTER);
        try (RunningManx manx = start("clsact")) {
            manx.kill();
            assertThat(ours("ingress")).hasSize(1);

            assertThat(clean().status()).isZero();

            assertThat(ours("ingress")).isEmpty();
            assertThat(ours("egress")).isEmpty();
            requireAllSee("after clean");
        }
    }

    private RunningManx start(String attach) throws IOException {
        return RunningManx.start(lab, "--config", lab.sampleResources().toString(), "--attach", attach);
    }

    private RunningManx.Answer clean() throws IOException, InterruptedException {
        return BinManx.run(
                "clean", "--netns", lab.gateway.name(), "--state", lab.folder.resolve("state").toString(),
                "--socket", lab.folder.resolve("manx.sock").toString());
    }

    private void program(String name) throws IOException {
        watch(name, Bystander.tcx(lab.gateway, DEVICE, pins(name)));
    }

    private void filter(String side, int preference) throws IOException {
        String name = side + " filter " + preference;
        watch(name, Bystander.filter(lab.gateway, DEVICE, side, preference, pins(name)));
    }

    private void watch(String name, Bystander bystander) {
        others.put(name, bystander);
    }

    private static String pins(String name) {
        return "manx-co-" + ProcessHandle.current().pid() + "-" + name.replace(' ', '-');
    }

    /** Lines of {@code tc filter show} that name a program of Manx. */
    private List<String> ours(String side) {
        return lab.gateway.exec("tc", "filter", "show", "dev", DEVICE, side).lines()
                .filter(line -> line.contains("manx_entry"))
                .toList();
    }

    /** What bpftool calls the programs that a Manx has on interfaces: its net command lists tcx from 7.3 on only. */
    private static List<String> namesOfPrograms(RunningManx manx) throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode program : manx.json("programs")) {
            if (program.get("stage").asText().startsWith("entry ")) {
                names.add(shownName(program.get("id").asText()));
            }
        }
        return names;
    }

    private static String shownName(String id) throws Exception {
        Process bpftool = new ProcessBuilder("bpftool", "-j", "prog", "show", "id", id).start();
        try (InputStream out = bpftool.getInputStream()) {
            return new ObjectMapper().readTree(out).get("name").asText();
        }
    }

    /** A ping is answered, and everybody sees it. */
    private void requireAllSee(String when) {
        Map<String, Long> before = new LinkedHashMap<>();
        others.forEach((name, other) -> before.put(name, other.seen()));
        lab.client.exec("ping", "-c", "1", "-W", "5", GATEWAY);
        before.forEach((name, count) ->
                assertThat(others.get(name).seen()).as(when + ": " + name).isGreaterThan(count));
    }
}
