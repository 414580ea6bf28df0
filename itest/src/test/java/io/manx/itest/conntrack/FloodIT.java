package io.manx.itest.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Floods of ten times the table over real interfaces: real connections talk on through them, and new ones are made. */
@Tag("alone")
class FloodIT {
    private static final int FLOOD = 10 * FloodLab.ENTRIES;
    private static final int PER_SECOND = 50_000;
    private static final int KEPT = 300;
    private static final int LEAST_NEW = 200;
    private static final double LEAST_SUCCESS = 0.99;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static FloodLab lab;

    @BeforeAll
    static void start() throws IOException {
        lab = new FloodLab(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"syn", "udp"})
    void losesNoConfirmedFlowAndKeepsNobodyOut(String kind) throws Exception {
        try (Running honest = lab.honest(KEPT)) {
            Set<String> kept = kept(honest);
            assertThat(established()).as("confirmed flows").containsAll(kept);
            long judgedBefore = judged();

            try (Running spray = lab.spray(kind, FLOOD, PER_SECOND)) {
                assertThat(spray.awaitEnd(LONGEST)).as(spray.output()).isZero();
                assertThat(judged() - judgedBefore).as("packets of the flood in the pipeline").isGreaterThanOrEqualTo(FLOOD);
                System.out.println("flood: " + kind + ": " + last(spray));
            }
            JsonNode young = count("young-ipv4");
            Set<String> after = established();
            honest.input("end");
            assertThat(honest.awaitEnd(LONGEST)).as(honest.output()).isZero();

            System.out.println("flood: " + kind + ": young " + young + ", honest " + last(honest));
            assertThat(young.get("entries").asInt()).as("the flood has filled the young table").isGreaterThan(FloodLab.ENTRIES / 10 * 9);
            assertThat(after).as("confirmed flows").containsAll(kept);
            assertThat(count("confirmed-ipv4").get("full").asInt()).isZero();
            judge(honest);
        }
    }

    private static void judge(Running honest) {
        Matcher told = Pattern.compile("kept (\\d+) of \\d+ words (\\d+) new (\\d+) failed (\\d+)").matcher(honest.output());
        assertThat(told.find()).as(honest.output()).isTrue();
        int made = Integer.parseInt(told.group(3));
        int failed = Integer.parseInt(told.group(4));
        assertThat(Integer.parseInt(told.group(1))).as(honest.output()).isEqualTo(KEPT);
        assertThat(Integer.parseInt(told.group(2))).isGreaterThan(KEPT);
        assertThat(made).isGreaterThanOrEqualTo(LEAST_NEW);
        assertThat((double) made / (made + failed)).as(honest.output()).isGreaterThanOrEqualTo(LEAST_SUCCESS);
    }

    private static String last(Running program) {
        return program.output().lines().reduce((first, second) -> second).orElseThrow();
    }

    /** The ports of the connections that are kept. */
    private static Set<String> kept(Running honest) {
        String line = honest.output().lines().filter(each -> each.startsWith("talking from ")).findFirst().orElseThrow();
        Set<String> ports = Set.of(line.substring("talking from ".length()).split(" "));
        assertThat(ports).hasSize(KEPT);
        return ports;
    }

    /** The client's, by their ports. */
    private static Set<String> established() throws Exception {
        Set<String> ports = new HashSet<>();
        for (JsonNode flow : lab.manx.json("flows", "--state", "established", "--src", FloodLab.CLIENT)) {
            ports.add(flow.get("sourcePort").asText());
        }
        return ports;
    }

    private static JsonNode count(String table) throws Exception {
        for (JsonNode row : lab.manx.json("flows", "--count")) {
            if (row.get("table").asText().equals(table)) {
                return row;
            }
        }
        throw new AssertionError("flows --count has no row " + table);
    }

    /** What has come in from the attacker, and ended in the pipeline or went on. */
    private static long judged() throws Exception {
        for (JsonNode pipeline : lab.manx.json("pipelines")) {
            if (pipeline.get("interface").asText().equals("hostile") && pipeline.get("hook").asText().equals("tc-ingress")) {
                return pipeline.get("lanes").get("first").get(0).get("packets").asLong();
            }
        }
        throw new AssertionError("there is no pipeline on the attacker's interface");
    }
}
