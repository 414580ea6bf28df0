package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.Steps.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Attachments that go under Manx's hands: with their interface, or because somebody takes them off by force. */
class DetachedTest extends FaultsLab {
    @ParameterizedTest
    @EnumSource
    void changesTheOthersWhenAnInterfaceVanishesBeforeTheSwitch(Way of) throws Exception {
        way = of;
        addThird();
        begin(NEAR, FAR, THIRD);
        change("generation");
        int flip = taken.indexOf(Step.FLIP_PHASE);
        deleteThird();
        awaitAttached(2);
        Held withTwo = held();
        addThird();
        awaitAttached(3);
        changeBack("generation");

        faultAt(flip, DetachedTest::deleteThird);
        change("generation");
        failing = -1;

        awaitAttached(2);
        assertThat(chain()).isEqualTo(NEW.get("generation"));
        assertPacketsTake(NEW.get("generation"));
        assertThat(held().descriptors()).isEqualTo(withTwo.descriptors());
        assertThat(generationless(held().pins())).isEqualTo(generationless(withTwo.pins()));
        addThird();
        awaitAttached(3);
        changeBack("generation");
        assertPacketsTake(OLD);
    }

    @ParameterizedTest
    @CsvSource({"TCX, row", "TCX, generation", "CLSACT, row", "CLSACT, generation", "XDP, row", "XDP, generation"})
    void isAttachedAnewByTheNextChange(Way of, String kind) throws Exception {
        way = of;
        begin();
        change(kind);
        Held whenNew = held();
        changeBack(kind);

        detach(Set.of(NEAR, FAR));
        change(kind);

        assertThat(chain()).isEqualTo(NEW.get(kind));
        assertPacketsTake(NEW.get(kind));
        assertThat(held().descriptors()).isEqualTo(whenNew.descriptors());
        assertThat(held().pins()).hasSameSizeAs(whenNew.pins());
        changeBack(kind);
        assertPacketsTake(OLD);
    }

    @ParameterizedTest
    @EnumSource
    void isAttachedAnewWhenDetachedBetweenPreparationAndSwitch(Way of) throws Exception {
        way = of;
        begin();
        change("generation");
        int flip = taken.indexOf(Step.FLIP_PHASE);
        Held whenNew = held();
        changeBack("generation");

        faultAt(flip, () -> detach(Set.of(NEAR, FAR)));
        change("generation");
        failing = -1;

        assertThat(chain()).isEqualTo(NEW.get("generation"));
        assertPacketsTake(NEW.get("generation"));
        assertThat(held().descriptors()).isEqualTo(whenNew.descriptors());
        changeBack("generation");
        assertPacketsTake(OLD);
    }

    @ParameterizedTest
    @EnumSource
    void isAttachedAnewWithoutAChangeAndNamesTheInterface(Way of) throws Exception {
        way = of;
        begin();
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            detach(Set.of(NEAR, FAR));
            await("both are told of", () -> Set.of(NEAR, FAR).stream().allMatch(name -> log
                    .toString(StandardCharsets.UTF_8)
                    .contains("interface " + name + ": somebody has taken Manx's program off")));
            await("packets are seen again", this::seesAPacket);
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains(way == Way.CLSACT ? "tc filter del" : "bpftool link detach");
        assertPacketsTake(OLD);
    }

    @Test
    void attachesAgainWhenTheWholeDisciplineIsTakenAway() throws Exception {
        way = Way.CLSACT;
        begin();
        for (String name : List.of(NEAR, FAR)) {
            run("tc", "qdisc", "del", "dev", name, "clsact");
        }
        change("generation");

        assertPacketsTake(NEW.get("generation"));
        changeBack("generation");
        assertPacketsTake(OLD);
    }

    @Test
    void staysOnXdpWhenToldOff() throws Exception {
        way = Way.XDP;
        begin();
        assertThat(ip("link", "set", "dev", NEAR, "xdp", "off")).as("the kernel refuses it").isNotZero();

        assertPacketsTake(OLD);
    }

    private void faultAt(int step, Runnable happening) {
        fault = happening;
        failing = step;
    }

    private boolean seesAPacket() {
        try {
            return !taken().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As somebody does who has never heard of Manx. */
    private void detach(Set<String> interfaces) {
        if (way == Way.CLSACT) {
            for (String name : interfaces) {
                for (String side : List.of("ingress", "egress")) {
                    await("tc takes the filters off " + name + " " + side,
                            () -> output("tc", "filter", "del", "dev", name, side).isEmpty());
                }
            }
            return;
        }
        for (LinkPin pin : LinkPin.in(PinRoot.of(state).links())) {
            if (interfaces.contains(pin.interfaceName()) && pin.isAt(Place.XDP) == (way == Way.XDP)) {
                run("bpftool", "link", "detach", "pinned", pin.path().toString());
            }
        }
    }

    private static void addThird() throws IOException, InterruptedException {
        assertThat(ip("link", "add", THIRD, "type", "veth", "peer", "name", NAMES + "p")).isZero();
    }

    private static void deleteThird() {
        run("ip", "link", "delete", THIRD);
    }

    private static void run(String... words) {
        assertThat(output(words)).as(String.join(" ", words)).isEmpty();
    }

    /** What a command says; these say nothing when all is well. */
    private static String output(String... words) {
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? "" : said + "exit status " + process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + words[0], e);
        }
    }
}
