package io.manx.resources.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Settings;
import io.manx.api.resource.Settings.Conntrack;
import io.manx.api.resource.Settings.Parse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManxSettingsTest {
    private static final String LENIENT =
            """
            apiVersion: manx.io/v1
            kind: Settings
            metadata: {name: default}
            spec:
              parse: {dropTcpFlagNonsense: false, dropLand: false}
              conntrack:
                pickup: false
                windowChecks: false
                udpReplied: 30s
                udpStream: 3m
                maxYoungFlows: 5000
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dropLand: false | dropLand: maybe | 5:49: spec.parse.dropLand: found \"maybe\", expected true or false",
                "dropLand: false | dropLant: false | 5:39: spec.parse.dropLant is not a known field, expected dropLand (did"
                        + " you mean that?)",
                "pickup: false | pickup: 1 | 7:13: spec.conntrack.pickup: found 1, expected true or false",
                "udpReplied: 30s | udpReplied: -30s | 9:17: spec.conntrack.udpReplied: found \"-30s\", expected a duration"
                        + " from 1ms to 8760h such as 90s or 1h30m",
                "udpStream: 3m | udpStream: Auto | 10:16: spec.conntrack.udpStream: found \"Auto\", expected a duration"
                        + " from 1ms to 8760h such as 90s or 1h30m",
                "parse: | pars: | 5:3: spec.pars is not a known field, expected parse (did you mean that?)",
                "name: default | name: other | 3:18: metadata.name: found \"other\", expected default: there is one, and it"
                        + " is this host's",
            })
    void refusesWhatItCantMean(String right, String wrong, String problem) {
        assertThat(Yaml.problems(LENIENT.replace(right, wrong))).containsExactly("test.yaml:" + problem);
    }

    @ParameterizedTest
    @CsvSource({"0", "-5", "1000000000"})
    void refusesATableOfNothingOrBeyondMemory(String wrong) {
        assertThat(Yaml.problems(LENIENT.replace("5000", wrong)))
                .containsExactly("test.yaml:11:20: spec.conntrack.maxYoungFlows: found " + wrong
                        + ", expected a number of flows (at 512 bytes each the tables of IPv4 and IPv6 must fit into half"
                        + " of this machine's memory) from 1 to " + TableSizes.most(TableSizes.totalBytes()));
    }

    @Test
    void refusesASecondOne() {
        assertThat(Yaml.conflicts(LENIENT, LENIENT + "# again\n"))
                .containsExactly("b.yaml:1: Settings default is already defined at a.yaml:1");
    }

    @Test
    void readsEveryField() {
        Settings settings = Yaml.only(Settings.class, LENIENT);

        assertThat(settings.parse()).isEqualTo(new Parse(false, false));
        assertThat(settings.conntrack())
                .isEqualTo(new Conntrack(
                        false,
                        false,
                        Optional.of(Duration.ofSeconds(30)),
                        Optional.of(Duration.ofMinutes(3)),
                        OptionalInt.of(5000)));
    }

    @Test
    void dropsNonsenseAndLandAndPicksUpAndChecksWindowsWhereItDoesNotSay() {
        Settings settings = Yaml.only(Settings.class, LENIENT.substring(0, LENIENT.indexOf("  parse:")) + "  parse: {}\n");

        assertThat(settings.parse()).isEqualTo(new Parse(true, true));
        assertThat(settings.conntrack())
                .isEqualTo(new Conntrack(true, true, Optional.empty(), Optional.empty(), OptionalInt.empty()));
    }

    @Test
    void isPartOfTheSnapshot() {
        Snapshot snapshot = new Snapshot(List.of(YamlReader.read("a.yaml", LENIENT)));

        assertThat(snapshot.resources().settings().conntrack().maxYoungFlows()).hasValue(5000);
    }
}
