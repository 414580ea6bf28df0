package io.manx.resources.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.FelixConfiguration;
import io.manx.api.resource.FelixConfiguration.ConntrackTimeouts;
import io.manx.api.resource.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FelixConfigurationsTest {
    private static final String PATIENT =
            """
            apiVersion: projectcalico.org/v3
            kind: FelixConfiguration
            metadata: {name: default}
            spec:
              bpfMapSizeConntrack: 1000
              bpfConntrackTimeouts:
                tcpSynSent: 20s
            """;
    private static final String SYN_SENT = "test.yaml:7:17: spec.bpfConntrackTimeouts.tcpSynSent: found ";

    @ParameterizedTest
    @ValueSource(strings = {"-5s", "0s", "999us", "20", "auto", "1d", "s", "1hm", ".s", "8761h", "1h 30m", "''"})
    void refusesATimeoutThatIsNone(String wrong) {
        assertThat(Yaml.problems(PATIENT.replace("20s", wrong)))
                .containsExactly(SYN_SENT + "\"" + wrong.replace("''", "") + "\", expected a duration from 1ms to 8760h"
                        + " such as 90s or 1h30m, or Auto");
    }

    @Test
    void refusesATimeoutThatIsAList() {
        assertThat(Yaml.problems(PATIENT.replace("20s", "[20s]")))
                .containsExactly(SYN_SENT + "a list, expected a duration from 1ms to 8760h such as 90s or 1h30m, or Auto");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1000000000", "99999999999999999999", "'1000'", "many", "1.5"})
    void refusesATableOfNothingOrBeyondMemory(String wrong) {
        String shown = wrong.equals("many") ? "\"many\"" : wrong.replace('\'', '"');
        int most = TableSizes.most(TableSizes.totalBytes());

        assertThat(Yaml.problems(PATIENT.replace("Conntrack: 1000", "Conntrack: " + wrong)))
                .containsExactly("test.yaml:5:24: spec.bpfMapSizeConntrack: found " + shown
                        + ", expected a number of flows (at 512 bytes each the tables of IPv4 and IPv6 must fit into half"
                        + " of this machine's memory) from 1 to " + most);
    }

    @Test
    void letsTwoTablesHaveHalfOfTheMemoryAndTheKernelItsLimit() {
        long gibibyte = 1L << 30;

        assertThat(TableSizes.most(gibibyte)).isEqualTo(512 * 1024);
        assertThat(TableSizes.most(1024 * gibibyte)).isEqualTo(1 << 26);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wireguardEnabled: true | spec.wireguardEnabled is not supported by Manx: of this kind it acts on"
                        + " bpfConntrackTimeouts and bpfMapSizeConntrack; remove it",
                "bpfMapSizeContrack: 5 | spec.bpfMapSizeContrack is not supported by Manx: of this kind it acts on"
                        + " bpfConntrackTimeouts and bpfMapSizeConntrack; remove it",
                "bpfEnabled: false | spec.bpfEnabled: false is not supported by Manx: BPF is the only data plane",
                "ipv6Support: false | spec.ipv6Support: false is not supported by Manx: IPv6 can't be turned off",
                "bpfMapSizeConntrackScaling: DoubleIfFull | spec.bpfMapSizeConntrackScaling: \"DoubleIfFull\" is not"
                        + " supported by Manx: the table has the size that bpfMapSizeConntrack says",
                "'<<: {a: b}' | spec.<<: merge keys are not supported; write the fields out",
            })
    void refusesWhatItDoesNotActOn(String field, String problem) {
        assertThat(Yaml.problems(PATIENT + "  " + field + "\n")).containsExactly("test.yaml:8:3: " + problem);
    }

    @Test
    void refusesATimeoutThatIsNotKnown() {
        assertThat(Yaml.problems(PATIENT.replace("tcpSynSent", "tcpSinSent")))
                .containsExactly("test.yaml:7:5: spec.bpfConntrackTimeouts.tcpSinSent is not a known field, expected"
                        + " tcpSynSent (did you mean that?)");
    }

    @Test
    void refusesOneNodesOwn() {
        assertThat(Yaml.problems(PATIENT.replace("name: default", "name: node.gateway")))
                .containsExactly("test.yaml:3:18: metadata.name: found \"node.gateway\", expected default: there is one,"
                        + " and it is this host's");
    }

    @Test
    void refusesASecondOne() {
        assertThat(Yaml.conflicts(PATIENT, PATIENT + "# again\n"))
                .containsExactly("b.yaml:1: FelixConfiguration default is already defined at a.yaml:1");
    }

    @ParameterizedTest
    @CsvSource({
        "90s, PT1M30S",
        "1h30m, PT1H30M",
        "1.5h, PT1H30M",
        ".5s, PT0.5S",
        "2.s, PT2S",
        "250ms, PT0.25S",
        "1500us, PT0.0015S",
        "1h2m3s4ms5us, PT1H2M3.004005S",
        "8760h, PT8760H"
    })
    void readsDurationsAsCalicoWritesThem(String text, Duration duration) {
        assertThat(Durations.duration(text)).isEqualTo(duration);
    }

    @Test
    void readsEveryTimeoutAndTheTablesSize() {
        FelixConfiguration felix = Yaml.only(
                FelixConfiguration.class,
                """
                apiVersion: projectcalico.org/v3
                kind: FelixConfiguration
                metadata: {name: default}
                spec:
                  bpfEnabled: true
                  logSeverityScreen: Info
                  reportingInterval: 0s
                  bpfMapSizeConntrack: 1000
                  bpfConntrackTimeouts:
                    creationGracePeriod: 1s
                    tcpSynSent: 2s
                    tcpEstablished: 3s
                    tcpFinsSeen: 4s
                    tcpResetSeen: 5s
                    udpTimeout: 6s
                    genericTimeout: 7s
                    icmpTimeout: 8s
                """);

        assertThat(felix.bpfMapSizeConntrack()).hasValue(1000);
        assertThat(felix.bpfConntrackTimeouts())
                .isEqualTo(new ConntrackTimeouts(
                        seconds(1), seconds(2), seconds(3), seconds(4), seconds(5), seconds(6), seconds(7), seconds(8)));
    }

    @Test
    void leavesToTheStageWhatIsNotSaid() {
        assertThat(Yaml.only(FelixConfiguration.class, PATIENT.substring(0, PATIENT.indexOf("spec:")) + "spec: {}\n"))
                .usingRecursiveComparison()
                .ignoringFields("source")
                .isEqualTo(FelixConfiguration.NONE);
    }

    @Test
    void takesTheKernelsTimeoutForAuto(@TempDir Path sysctls) throws IOException {
        Files.writeString(sysctls.resolve("nf_conntrack_tcp_timeout_time_wait"), "120\n");

        assertThat(KernelTimeouts.auto(sysctls, "tcpFinsSeen")).contains(Duration.ofMinutes(2));
    }

    /** The namespace's own, where the kernel has connection tracking at all. */
    @Test
    void readsAutoFromThisNamespace() throws IOException {
        Path established = KernelTimeouts.SYSCTLS.resolve(KernelTimeouts.NAMES.get("tcpEstablished"));
        String automatic = PATIENT.replace("tcpSynSent: 20s", "tcpEstablished: Auto");

        if (Files.exists(established)) {
            FelixConfiguration felix = Yaml.only(FelixConfiguration.class, automatic);
            assertThat(felix.bpfConntrackTimeouts().tcpEstablished())
                    .isEqualTo(seconds(Long.parseLong(Files.readString(established).strip())));
        } else {
            assertThat(Yaml.problems(automatic)).singleElement().asString().contains("load the module nf_conntrack");
        }
    }

    @Test
    void refusesAutoWhereTheKernelDoesNotTrack(@TempDir Path nothing) {
        assertThatThrownBy(() -> KernelTimeouts.auto(nothing, "icmpTimeout"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found \"Auto\", but " + nothing + "/nf_conntrack_icmp_timeout can't be read; write a duration,"
                        + " or load the module nf_conntrack");
    }

    /** As in Calico: Auto of a timeout that it looks up nowhere is its default. */
    @Test
    void takesAutoForTheDefaultWhereCalicoDoes() {
        FelixConfiguration felix = Yaml.only(FelixConfiguration.class, PATIENT.replace("tcpSynSent: 20s", "udpTimeout: Auto"));

        assertThat(felix.bpfConntrackTimeouts().udpTimeout()).isEmpty();
    }

    @Test
    void areTheDefaultsWhereThereIsNoDocument() {
        Snapshot nothing = new Snapshot(List.of());

        assertThat(nothing.resources().felixConfiguration()).isEqualTo(FelixConfiguration.NONE);
        assertThat(nothing.resources().settings()).isEqualTo(Settings.NONE);
    }

    @Test
    void isPartOfTheSnapshot() {
        Snapshot snapshot = new Snapshot(List.of(YamlReader.read("a.yaml", PATIENT)));

        assertThat(snapshot.resources().felixConfiguration().bpfConntrackTimeouts().tcpSynSent()).isEqualTo(seconds(20));
    }

    private static Optional<Duration> seconds(long seconds) {
        return Optional.of(Duration.ofSeconds(seconds));
    }
}
