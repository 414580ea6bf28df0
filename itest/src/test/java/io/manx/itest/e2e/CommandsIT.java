package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.manx.itest.e2e.RunningManx.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command that is sent to a running Manx, as text and as JSON, and its exit status. */
class CommandsIT {
    private static final String CONFIG = "io.manx.conntrack/conntrack_config";
    private static final String FRONTENDS = "io.manx.nat/frontends";

    private static Lab lab;
    private static RunningManx manx;

    @BeforeAll
    static void start() throws Exception {
        lab = new Lab("manx-cm");
        manx = RunningManx.start(lab, "--config", lab.sampleResources().toString());
        lab.client.attempt("curl", "-s", "--max-time", "1", "http://" + Lab.ADDRESS_ONE + ":" + Lab.CLOSED_PORT + "/");
    }

    /** A flow that has ended is forgotten after a while, and a busy machine takes longer than that for all tests. */
    @BeforeEach
    void connect() {
        lab.client.exec("curl", "-s", "--max-time", "20", "http://" + Lab.SERVICE + "/");
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            if (manx != null) {
                manx.close();
            }
        } finally {
            lab.close();
        }
    }

    // ---- wrong usage and refusals

    @ParameterizedTest
    @ValueSource(strings = {
        "pipelines --nosuch", "stages cl0", "install", "update", "remove", "flows --nosuch", "drops 1", "programs --id 1",
        "maps x", "map", "map nosuch", "map dump", "map get manx_epoch", "map set", "nosuch"
    })
    void answersWrongUsageWithItsReasonAndTheRightOne(String line) throws Exception {
        Answer answer = manx.command(line.split(" "));

        assertThat(answer.status()).as(answer.err()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err()).contains("Usage: manx");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "map dump nosuch | no map is called nosuch; there are: ",
        "map get manx_epoch 7 | manx_epoch holds nothing under 7",
        "map get manx_epoch x | cannot be x: expected",
        "map get io.manx.nat/frontends port=80 | lacks addr=",
        "map set manx_epoch 0 | type the key, then \" : \", then the value",
        "map set io.manx.nat/frontends addr=10.0.0.1 port=99999 protocol=6 zero=0 : set=1 | port ",
        "map delete io.manx.nat/frontends addr=10.0.0.1 port=1 protocol=6 zero=0 | holds nothing under",
        "remove nosuch | no stage or bundle is called that; there are: io.manx.conntrack, ",
        "remove parse | conntrack (bundle io.manx.conntrack) must follow parse",
        "install /nonexistent.jar | /nonexistent.jar: no such file",
        "update /nonexistent.jar | /nonexistent.jar: no such file",
        "stages --log parse | the verifier has refused no stage called parse",
    })
    void answersARefusalWithOneLineThatSaysWhy(String line, String why) throws Exception {
        Answer answer = manx.command(line.split(" "));

        assertThat(answer.status()).as(answer.err()).isEqualTo(1);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err().lines()).as(answer.err()).hasSize(1);
        assertThat(answer.err()).startsWith("manx: ").contains(why);
    }

    @Test
    void saysWhatToDoWhereNoManxRuns() throws Exception {
        Answer answer = BinManx.run("stages", "--socket", lab.folder.resolve("nobody.sock").toString());

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err()).startsWith("manx: no Manx is running that listens on").contains("manx run").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flows --help", "services -h", "policies --help", "routes --gateway x --help", "map dump --help"})
    void explainsACommandWhereNoManxRuns(String line) throws Exception {
        String[] words = (line + " --socket " + lab.folder.resolve("nobody.sock")).split(" ");

        Answer answer = BinManx.run(words);

        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.out()).contains("Usage: manx " + words[0]).contains("--json");
    }

    // ---- what the commands show

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "pipelines | cl0 tc-ingress | ESTABLISHED",
        "pipelines --why | after conntrack (it says after=conntrack) | before nat, routes (it says before=nat,routes)",
        "stages | running | conntrack",
        "flows | 10.96.0.10 | TRANSLATED",
        "flows --top bytes --limit 1 --proto tcp | 10.96.0.10 | closed",
        "flows --count | confirmed-ipv4 | FULL",
        "services | 10.99.2.2:8080 | READY",
        "policies | servers | RULES",
        "routes | 10.99.2.0/24 | workload",
        "drops | policy-default | policy",
        "programs | manx_policy | entry cl0 tc-ingress",
        "maps | manx_flows4 | 512000",
        "map dump io.manx.nat/frontends | addr=10.96.0.10 port=80 protocol=6 | backends=2",
        "map get manx_epoch 0 | 0 : | 0 :",
    })
    void printsATable(String line, String some, String more) throws Exception {
        Answer answer = manx.command(line.split(" "));

        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.err()).isEmpty();
        assertThat(answer.out()).contains(some, more);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "pipelines | interface hook attach generation lanes",
        "pipelines --why | hook pipeline position stage bundle version state reasons",
        "stages | name bundle version hook packets after before state why programId",
        "flows | protocol source sourcePort destination destinationPort state",
        "flows --count | table flows entries limit full",
        "services | name address port protocol backends ready",
        "policies | name order types applyOnForward interfaces rules",
        "routes | prefix kind interface gateway mtu",
        "drops | interface hook stage reason packets bytes",
        "programs | id name stage bundle instructions verifiedInstructions jitedBytes tag",
        "maps | id name type keyBytes valueBytes capacity entries pin",
        "map dump io.manx.nat/frontends | key value",
    })
    void printsAListOfObjectsAsJson(String line, String keys) throws Exception {
        JsonNode list = manx.json(line.split(" "));

        assertThat(list.isArray()).isTrue();
        assertThat(list).isNotEmpty();
        for (JsonNode row : list) {
            assertThat(row.fieldNames()).toIterable().contains(keys.split(" "));
        }
    }

    @Test
    void showsInTheStagesOfAPipelineWhatTheDesignPromises() throws Exception {
        JsonNode stage = manx.json("pipelines").get(0).get("lanes").get("established").get(0);

        assertThat(stage.fieldNames()).toIterable()
                .contains("name", "bundle", "version", "slot", "programId", "packets", "bytes", "drops");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "run", "doctor", "shell", "clean", "pipelines", "stages", "install", "update", "remove", "flows", "services",
        "policies", "routes", "drops", "programs", "maps", "map", "map dump", "map get", "map set", "map delete"
    })
    void explainsEachCommand(String command) throws Exception {
        Answer answer = command.matches("run|doctor|shell|clean|map")
                ? BinManx.run((command + " --help").split(" "))
                : manx.command((command + " --help").split(" "));

        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.out()).contains("Usage: manx " + command).contains("--help");
    }

    @Test
    void listsEveryCommandInItsHelp() throws Exception {
        Answer answer = BinManx.run("--help");

        assertThat(answer.status()).isZero();
        assertThat(answer.out()).contains(
                "run", "demo", "doctor", "shell", "clean", "pipelines", "stages", "install", "update", "remove", "drops",
                "programs", "maps", "map", "flows", "services", "policies", "routes");
    }

    // ---- maps are changed

    @Test
    void setsAMemberOfAnEntryAndReadsItBack() throws Exception {
        JsonNode before = manx.json("map", "get", CONFIG, "0").get("value");

        Answer set = manx.command("map", "set", CONFIG, "0", ":", "window_checks=0");

        assertThat(set.status()).as(set.err()).isZero();
        JsonNode after = manx.json("map", "get", CONFIG, "0").get("value");
        assertThat(after.get("window_checks").asLong()).isZero();
        assertThat(after.get("pickup")).isEqualTo(before.get("pickup"));
    }

    @Test
    void addsAnEntryAndDeletesIt() throws Exception {
        String[] key = {"addr=10.96.0.99", "port=81", "protocol=6", "zero=0"};

        assertThat(map("set", key, ":", "set=1", "backends=2").status()).isZero();
        assertThat(map("get", key).out()).contains("addr=10.96.0.99 port=81").contains("backends=2");
        assertThat(map("delete", key).status()).isZero();
        assertThat(map("get", key).status()).isEqualTo(1);
    }

    private static Answer map(String what, String[] key, String... value) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of("map", what, FRONTENDS));
        words.addAll(List.of(key));
        words.addAll(List.of(value));
        return manx.command(words.toArray(String[]::new));
    }

    // ---- the shell

    @Test
    void endsAShellScriptWithTheStatusOfItsLastLine() throws Exception {
        assertThat(shell("nosuch\n").status()).isEqualTo(1);
        assertThat(shell("stages --nosuch\n").status()).isEqualTo(2);
        assertThat(shell("map dump nosuch\n").status()).isEqualTo(1);
        assertThat(shell("nosuch\nstages\n").status()).isZero();
    }

    @Test
    void carriesOutLinesFromStandardInputAndPipesThem() throws Exception {
        Answer answer = shell("# who is there\nstages | grep policy\nroutes --json | grep 10.99.2.0/24\n");

        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.err()).isEmpty();
        assertThat(answer.out()).contains("io.manx.policy").contains("\"prefix\":\"10.99.2.0/24\"");
        assertThat(answer.out()).doesNotContain("io.manx.parse").doesNotContain("10.99.3.0/24");
    }

    private static Answer shell(String lines) throws Exception {
        return BinManx.runWith(lines, List.of(), "shell", "--socket", lab.folder.resolve("manx.sock").toString());
    }

    // ---- doctor

    @Test
    void findsThisMachineFit() throws Exception {
        Answer text = BinManx.run("doctor");
        assertThat(text.status()).as(text.out()).isZero();
        assertThat(text.out())
                .contains("kernel", "capabilities", "libbpf", "bpffs", "BTF", "JIT", "hook", "clsact", "clang")
                .endsWith("Manx can run here.\n");

        JsonNode json = new ObjectMapper().readTree(BinManx.run("doctor", "--json").out());
        for (JsonNode finding : json) {
            assertThat(finding.fieldNames()).toIterable().contains("name", "ok", "required", "found", "remedy");
        }
    }
}
