package io.manx.itest.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.itest.Await;
import io.manx.testkit.Command;
import io.manx.testkit.Namespace;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stacks as they are, over a network as it may be: what they send comes whole, and they learn what they should. */
@Tag("alone")
class RealStacksIT {
    private static final Duration LONGEST = Duration.ofSeconds(150);

    /**
     * A segment that the network has doubled and held back until its octets are acknowledged, and a whole window after them is
     * sent, is out of the window and needed by nobody: of tens of thousands there may be a few where the machine is busy.
     */
    private static final long MOST_TOO_LATE = 10;

    @TempDir
    static Path folder;

    private static StacksLab lab;
    private static long droppedBefore;

    @BeforeAll
    static void start() throws IOException {
        lab = new StacksLab(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        if (lab != null) {
            System.out.println("storm: " + lab.damage());
            lab.close();
        }
    }

    @BeforeEach
    void count() throws Exception {
        droppedBefore = allSegmentsDropped();
    }

    @AfterEach
    void calm() {
        lab.weather(0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://10.71.4.2:8080/big", "http://[fd71:4::2]:8080/big", "http://10.96.7.1/big"})
    void carriesADownloadWholeThroughLossDuplicationAndReordering(String url) throws Exception {
        lab.weather(10, 10, 20);
        Path got = folder.resolve("got");

        Command curl = lab.client.attempt("curl", "-s", "-S", "--max-time", "120", "-o", got.toString(), url);

        assertThat(curl.output()).isEmpty();
        assertThat(Files.mismatch(got, lab.big)).isEqualTo(-1);
        assertThat(segmentsDropped()).isLessThanOrEqualTo(MOST_TOO_LATE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TCP4:10.71.4.2", "TCP6:[fd71:4::2]", "TCP4:10.96.7.1"})
    void carriesAnUploadWholeOverANarrowLinkThatOnlyErrorsTellOf(String target) throws Exception {
        lab.weather(10, 10, 20);
        Path got = folder.resolve("uploaded");
        Files.deleteIfExists(got);
        forgetPathMtu();

        try (Running receiver = lab.server.start(
                "socat", "-u", "TCP6-LISTEN:" + StacksLab.UPLOAD + ",reuseaddr,ipv6only=0", "CREATE:" + got)) {
            lab.listening(StacksLab.UPLOAD);
            lab.client.exec("timeout", "120", "socat", "-u", "FILE:" + lab.big, target + ":" + StacksLab.UPLOAD);
            receiver.awaitEnd(LONGEST);
        }

        assertThat(Files.mismatch(got, lab.big)).isEqualTo(-1);
        assertThat(segmentsDropped()).isLessThanOrEqualTo(MOST_TOO_LATE);
    }

    /** Both ends have lost the connection, which lives on in the gateway: the server accepts the SYN. */
    @ParameterizedTest
    @ValueSource(strings = {"TCP4:10.71.4.2", "TCP6:[fd71:4::2]", "TCP4:10.96.7.1"})
    void letsAClientComeBackUnderThePortOfAConnectionThatBothEndsHaveLost(String target) throws Exception {
        Path got = folder.resolve("again");
        Files.deleteIfExists(got);
        String from = comingFrom(40111);

        try (Running receiver = receive(got, "")) {
            say("before", target + from, got);
            lose(lab.server, () -> receiver.signal("KILL"));
        }
        assertThat(lab.manx.json("flows", "--port", "40111", "--state", "established")).isNotEmpty();

        try (Running receiver = receive(got, "")) {
            lab.client.exec("timeout", "20", "socat", "-u", "FILE:" + lab.big, target + from);
            receiver.awaitEnd(LONGEST);
        }
        assertThat(Files.mismatch(got, lab.big)).isEqualTo(-1);
        assertThat(segmentsDropped()).isZero();
    }

    /** The server still has it, and asks (RFC 5961, 4): the client's reset ends it, and its next SYN is accepted. */
    @ParameterizedTest
    @ValueSource(strings = {"TCP4:10.71.4.2", "TCP6:[fd71:4::2]", "TCP4:10.96.7.1"})
    void letsAClientComeBackUnderThePortOfAConnectionThatTheServerStillHas(String target) throws Exception {
        Path got = folder.resolve("once-more");
        Files.deleteIfExists(got);
        String from = comingFrom(40112);

        try (Running receiver = receive(got, ",fork")) {
            say("before", target + from, got);
            lab.client.exec("timeout", "20", "socat", "-u", "FILE:" + lab.big, target + from);
            Await.until("the server has all", () -> got.toFile().length() == lab.big.toFile().length());
            assertThat(receiver.alive()).isTrue();
        }
        assertThat(Files.mismatch(got, lab.big)).isEqualTo(-1);
        assertThat(segmentsDropped()).isZero();
    }

    private static String comingFrom(int port) {
        return ":" + StacksLab.UPLOAD + ",sourceport=" + port + ",reuseaddr";
    }

    private static Running receive(Path got, String more) {
        Running receiver = lab.server.start("socat", "-u",
                "TCP6-LISTEN:" + StacksLab.UPLOAD + ",reuseaddr,ipv6only=0,linger=0" + more, "CREATE:" + got);
        lab.listening(StacksLab.UPLOAD);
        return receiver;
    }

    /** Opens a connection, says a word by it, and loses it: its end is a reset, which nobody sees. */
    private static void say(String word, String target, Path got) {
        try (Running talker = lab.client.start("socat", "-u", "-", target + ",linger=0")) {
            talker.input(word);
            Await.until("the server has heard it", () -> got.toFile().length() == word.length() + 1);
            lose(lab.client, () -> talker.signal("KILL"));
        }
    }

    /** Whatever the host says of it is lost too. */
    private static void lose(Namespace host, Runnable end) {
        host.exec("nft", "add table inet silence { chain out { type filter hook output priority 0; meta l4proto tcp drop; }; }");
        end.run();
        Await.until("no connection is left", () ->
                host.exec("ss", "-H", "-tn", "state", "established", "( sport = :" + StacksLab.UPLOAD + " or dport = :" + StacksLab.UPLOAD + " )").isBlank());
        host.exec("nft", "delete table inet silence");
    }

    @ParameterizedTest
    @ValueSource(strings = {StacksLab.SERVER, StacksLab.SERVER6})
    void answersPingsOf60000Bytes(String address) {
        learnTheMtuOfBothWays(address);

        Command ping = lab.client.attempt("ping", "-c", "3", "-i", "0.3", "-s", "60000", "-W", "5", address);

        assertThat(ping.output()).contains(" 0% packet loss");
    }

    /** Fragments overtake each other, and the first of them too. */
    @ParameterizedTest
    @ValueSource(strings = {StacksLab.SERVER, StacksLab.SERVER6})
    void answersPingsWhoseFragmentsOvertakeEachOther(String address) {
        learnTheMtuOfBothWays(address);
        lab.weather(0, 20, 200);

        Command ping = lab.client.attempt("ping", "-c", "10", "-i", "0.2", "-s", "20000", "-W", "5", address);

        assertThat(ping.output()).contains(" 0% packet loss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-4", "-4 -I", "-4 -T -p 8080", "-6", "-6 -I", "-6 -T -p 8080"})
    void showsEveryHop(String kind) {
        List<String> hops = kind.startsWith("-4") ? StacksLab.HOPS : StacksLab.HOPS6;
        List<String> command = new ArrayList<>(List.of("traceroute", "-n", "-q", "1", "-N", "1", "-w", "3", "-m", "8"));
        command.addAll(List.of(kind.split(" ")));
        command.add(hops.get(hops.size() - 1));

        String output = lab.client.exec(command.toArray(String[]::new));

        assertThat(found("(?m)^ *\\d+ +(\\S+)", output)).isEqualTo(hops);
    }

    @ParameterizedTest
    @ValueSource(strings = {StacksLab.SERVER, StacksLab.SERVER6})
    void learnsThePathsMtu(String address) {
        forgetPathMtu();

        String output = lab.client.exec("tracepath", "-n", "-m", "10", address);

        assertThat(output).contains("pmtu " + StacksLab.NARROW).contains("hops 4 back 4");
    }

    /** No router cuts IPv6: the first question is lost to its sender's ignorance, the first answer to its own sender's. */
    private static void learnTheMtuOfBothWays(String address) {
        lab.client.attempt("ping", "-c", "3", "-i", "0.3", "-s", "2000", "-W", "1", address);
    }

    private static void forgetPathMtu() {
        /* Also the server's: it says what it knows of the way back in its SYN-ACK. */
        for (Namespace host : List.of(lab.client, lab.server)) {
            host.ip("route flush cache");
            host.ip("-6 route flush cache");
        }
    }

    /** By conntrack, since the test's begin. */
    private static long segmentsDropped() throws Exception {
        return allSegmentsDropped() - droppedBefore;
    }

    private static long allSegmentsDropped() throws Exception {
        long sum = 0;
        for (JsonNode drop : lab.manx.json("drops")) {
            if (drop.get("stage").asText().equals("conntrack") && drop.get("reason").asText().startsWith("tcp-")) {
                sum += drop.get("packets").asLong();
            }
        }
        return sum;
    }

    private static List<String> found(String regex, String text) {
        List<String> found = new ArrayList<>();
        for (Matcher matcher = Pattern.compile(regex).matcher(text); matcher.find(); ) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
