package io.manx.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.report.Report;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLinesTest {
    private static final Path HERE = Path.of("/srv");

    private final Given given = new Given();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... words) {
        out.reset();
        err.reset();
        Console console = new Console(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                HERE,
                given);
        return CommandLines.run(List.of(words), console);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(run("pipeline")).isEqualTo(2);
        assertThat(err()).contains("Unmatched argument at index 0: 'pipeline'");
        assertThat(run("pipelines", "--yaml")).isEqualTo(2);
        assertThat(run("install")).isEqualTo(2);
    }

    @Test
    void namesTheCommandsOfItsModel() {
        Console nowhere = new Console(System.out, System.err, HERE, new NoServices());
        assertThat(CommandLines.names())
                .containsExactlyInAnyOrderElementsOf(
                        CommandLines.of(nowhere).getSubcommands().keySet());
    }

    @Test
    void saysWhyAChangeIsRefused() {
        assertThat(run("install", "bad.jar")).isEqualTo(1);
        assertThat(err()).isEqualTo("manx: installing /srv/bad.jar: no bundle\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void saysThatNothingRuns() {
        Console console = new Console(
                new PrintStream(out), new PrintStream(err, false, StandardCharsets.UTF_8), HERE, new NoServices());
        assertThat(CommandLines.run(List.of("stages"), console)).isEqualTo(1);
        assertThat(err()).isEqualTo("manx: no Manx is running here\n");
    }

    @Test
    void printsTheRecordOfChanges() {
        assertThat(run("swaps", "--json")).isZero();
        assertThat(out())
                .isEqualTo("[\n{\"when\":\"2026-03-01T12:00:00.250Z\",\"hook\":\"tc\",\"what\":\"policy replaced\","
                        + "\"why\":\"update policy.jar\",\"from\":\"1.0.0\",\"to\":\"1.1.0\",\"generation\":4,"
                        + "\"prepareMillis\":12.34,\"switchMicros\":2.1,\"packets\":17,\"lost\":0,\"outcome\":\"done\"}\n]\n");
        assertThat(run("swaps")).isZero();
        assertThat(out()).contains("policy replaced").contains("1.1.0");
    }

    @Test
    void explainsWhereStagesStand() {
        assertThat(run("pipelines", "--why", "--interface", "eth0")).isEqualTo(2);
        assertThat(run("pipelines", "--why")).isZero();
        assertThat(out())
                .contains("before nat (nat says after=parse); ahead of policy by name")
                .containsPattern("-  +late  +1.0.0  +waiting  late must follow early, which was refused");
        assertThat(run("pipelines", "--why", "--json")).isZero();
        assertThat(out())
                .contains("\"position\":1,\"stage\":\"parse\"")
                .contains("\"reasons\":[\"before nat (nat says after=parse)\",\"ahead of policy by name\"]");
    }

    @Test
    void printsPipelinesAsJson() {
        assertThat(run("pipelines", "--json")).isZero();
        assertThat(out())
                .isEqualTo("[\n{\"interface\":\"eth0\",\"hook\":\"tc-ingress\",\"attach\":\"tcx\",\"generation\":3,"
                        + "\"lanes\":{\"first\":[{\"name\":\"parse\",\"bundle\":\"io.manx.parse\",\"version\":\"1.0.0\","
                        + "\"slot\":1,\"programId\":42,\"packets\":7,\"bytes\":700,\"drops\":1},"
                        + nat("\"packets\":2,\"bytes\":200,\"drops\":1") + "],\"established\":[],\"translated\":["
                        + nat("\"packets\":4,\"bytes\":400,\"drops\":2") + "]}}\n]\n");
    }

    private static String nat(String counts) {
        return "{\"name\":\"nat\",\"bundle\":\"io.manx.nat\",\"version\":\"1.0.0\",\"slot\":5,\"programId\":46," + counts + "}";
    }

    @Test
    void printsPipelinesAsText() {
        assertThat(run("pipelines")).isZero();
        assertThat(out())
                .isEqualTo("""
                        eth0 tc-ingress by tcx, generation 3
                          STAGE  BUNDLE         VERSION  SLOT  PROGRAM  FIRST  ESTABLISHED  TRANSLATED  BYTES  DROPS
                          parse  io.manx.parse  1.0.0       1       42      7                             700      1
                          nat    io.manx.nat    1.0.0       5       46      2                        4    600      3
                        """);
    }

    @Test
    void printsDropsUnderTheirInterface() {
        run("drops", "--json");
        assertThat(out()).startsWith("[\n{\"interface\":\"eth0\",\"hook\":\"tc-ingress\",\"stage\":\"policy\"");
    }

    @Test
    void printsAnEmptyList() {
        run("programs", "--json");
        assertThat(out()).isEqualTo("[]\n");
        run("programs");
        assertThat(out()).isEqualTo("none\n");
    }

    @Test
    void resolvesFilesWhereTheCallerIs() {
        assertThat(run("update", "new.jar")).isZero();
        assertThat(out())
                .isEqualTo("/srv/new.jar installed: generation 4, prepared in 12.3 ms, switched in 2.1 us,"
                        + " 0 packets lost\n");
    }

    @ParameterizedTest
    @CsvSource({
        "--probation 0s, is no time from 1s to 24h",
        "--probation 30, is no time from 1s to 24h",
        "--probation 25h, is no time from 1s to 24h",
        "--probation, Missing required parameter",
        "--max-drop-rate 1%, --probation",
        "--probation 30s --max-drop-rate 1, is no percentage from 0% to 100%",
        "--probation 30s --max-drop-rate 101%, is no percentage from 0% to 100%",
        "--probation 30s --max-drop-rate -1%, is no percentage",
    })
    void refusesAProbationThatIsNoneAsWrongUsage(String options, String why) {
        assertThat(run(("update new.jar " + options).split(" "))).isEqualTo(2);
        assertThat(err()).contains(why).contains("Usage: manx update");
        assertThat(out()).isEmpty();
    }

    @Test
    void updatesOnProbation() {
        assertThat(run("update", "new.jar", "--probation", "5m")).isZero();
        assertThat(out()).contains("Probation[time=PT5M, maxDropShare=OptionalDouble.empty]");
        assertThat(run("update", "--probation=30s", "--max-drop-rate=0.5%", "new.jar")).isZero();
        assertThat(out()).contains("Probation[time=PT30S, maxDropShare=OptionalDouble[0.005]]");
        assertThat(run("update", "bad.jar", "--probation", "30s")).isEqualTo(1);
    }

    @Test
    void makesACommandOfEachReport() {
        given.reports = List.of(new Flows());
        assertThat(run("flows", "--proto", "tcp", "--json")).isZero();
        assertThat(out()).isEqualTo("[\n{\"protocol\":\"tcp\",\"packets\":9}\n]\n");
        assertThat(run("flows", "--port", "1")).isEqualTo(2);
        assertThat(run("flows", "--help")).isZero();
        assertThat(out()).contains("known flows").contains("--proto=PROTO");
    }

    @Test
    void forgetsTheFiltersOfTheLastCall() {
        given.reports = List.of(new Flows());
        run("flows", "--proto", "tcp");
        run("flows");
        assertThat(out()).contains("any");
    }

    @Test
    void refusesAKeyThatLacksAMember() {
        assertThat(run("map", "get", "flows", "source=10.0.0.1")).isEqualTo(1);
        assertThat(err()).isEqualTo("manx: struct flow_key (24 bytes) lacks port=...\n");
    }

    @Test
    void refusesAMapThatIsNotThere() {
        assertThat(run("map", "dump", "flow")).isEqualTo(1);
        assertThat(err()).isEqualTo("manx: there is no map flow; near it: flows\n");
    }

    @Test
    void writesReadsAndDeletesAnEntryByItsMembers() {
        String key = "source=fd00::1 port=443";
        assertThat(run("map", "set", "flows", "source=fd00::1", "port=443", ":", "packets=5", "route.gateway=10.0.0.1"))
                .isZero();
        assertThat(run("map", "get", "flows", "source=fd00::1", "port=443")).isZero();
        assertThat(out()).isEqualTo(key + " : packets=5 route.gateway=10.0.0.1 route.kind=0\n");

        assertThat(run("map", "set", "flows", "source=fd00::1", "port=443", ":", "route.kind=3")).isZero();
        assertThat(run("map", "dump", "flows")).isZero();
        assertThat(out()).isEqualTo(key + " : packets=5 route.gateway=10.0.0.1 route.kind=3\n");
        run("map", "dump", "flows", "--json");
        assertThat(out())
                .isEqualTo("[\n{\"key\":{\"source\":\"fd00::1\",\"port\":443},"
                        + "\"value\":{\"packets\":5,\"route.gateway\":\"10.0.0.1\",\"route.kind\":3}}\n]\n");

        assertThat(run("map", "delete", "flows", "source=fd00::1", "port=443")).isZero();
        assertThat(run("map", "get", "flows", "source=fd00::1", "port=443")).isEqualTo(1);
        assertThat(err()).isEqualTo("manx: flows holds nothing under " + key + "\n");
    }

    private static final class Flows implements Report {
        @Override
        public String name() {
            return "flows";
        }

        @Override
        public String description() {
            return "known flows";
        }

        @Override
        public List<Filter> filters() {
            return List.of(new Filter("proto", "PROTO", "of this protocol"));
        }

        @Override
        public Stream<? extends Record> rows(Map<String, String> filters) {
            return Stream.of(new Given.Row(filters.getOrDefault("proto", "any"), 9));
        }
    }
}
