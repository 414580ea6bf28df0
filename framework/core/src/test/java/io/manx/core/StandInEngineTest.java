package io.manx.core;

import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.stage.StateMap;
import io.manx.core.view.PositionView;
import io.manx.core.view.StageView;
import io.manx.core.view.SwapView;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A stage that stands for split and alpha, in the kernel: when packets go through it, and what they meet when not. */
class StandInEngineTest extends OnVeth {
    private static final int PASSED = -1;
    private static final int BURST = 1000;
    private static final String WHOM = "it stands for split, alpha, and ";

    private final StageDescriptor split = stage("split", "1.0.0", "split", List.of());
    private final StageDescriptor alpha = stage("alpha", "1.0.0", "alpha", List.of("split"));
    private final StageDescriptor beta =
            offer("beta", "1.0.0", List.of("split"), List.of("alpha"), WhichPackets.FIRST, compiled("beta.bpf.o"));
    /** It asks for the epoch: without it there is none. */
    private final StageDescriptor judge =
            offer("judge", "1.0.0", List.of("split"), List.of("alpha"), WhichPackets.FIRST, compiled("judge.bpf.o"));
    private final StageDescriptor meter = stage("gamma", "1.0.0", "gamma", List.of("alpha"));
    private final StageDescriptor express = express("1.0.0", "split", "alpha");

    StandInEngineTest() {
        super("s");
    }

    @Test
    void isLeftOutWhereOneThatItStandsForIsOfOtherCode() {
        begin(express, split, stage("alpha", "1.1.0", "alpha_twice", List.of("split")));

        assertThat(chain()).containsExactly("split", "alpha");
        assertIdle(WHOM + "alpha 1.1.0 is not the one it was built with");
        send(1);
        assertThat(List.of(seen("express"), seen("alpha"))).containsExactly(0L, 2L);
    }

    @Test
    void isCalledFirstAndEndsPacketsThatNobodyElseThenSees() {
        begin(express, split, beta, alpha);

        assertThat(chain()).containsExactly("express", "split", "beta", "alpha");
        assertThat(view("express").state()).isEqualTo("running");
        assertThat(view("express").why()).isEmpty();
        send(3);
        assertThat(List.of(seen("express"), seen("beta"), seen("alpha"))).containsExactly(3L, 0L, 0L);
        send(Lane.FIRST, 2);
        assertThat(List.of(seen("express"), seen("beta"), seen("alpha"))).containsExactly(5L, 2L, 2L);
        assertThat(counts(pipeline().lanes().first())).containsExactly("express 5", "split 2", "beta 2", "alpha 2");
    }

    @Test
    void leavesInTheChangeThatBringsOtherCodeAndComesBackWithTheOld() {
        begin(express, split, alpha);
        StageDescriptor other = stage("alpha", "2.0.0", "alpha_twice", List.of("split"));

        engine.offer(other);
        assertThat(settled().lost()).isZero();
        assertThat(chain()).containsExactly("split", "alpha");
        assertThat(lastSwap().what()).isEqualTo("alpha replaced, express idle");
        assertIdle(WHOM + "alpha 2.0.0 is not the one it was built with");
        send(1);
        assertThat(List.of(seen("express"), seen("alpha"))).containsExactly(0L, 2L);

        engine.withdraw(other);
        settled();
        assertThat(chain()).containsExactly("express", "split", "alpha");
        assertThat(lastSwap().what()).isEqualTo("alpha replaced, express busy");
        send(1);
        assertThat(List.of(seen("express"), seen("alpha"))).containsExactly(1L, 2L);
    }

    @Test
    void staysWhereTheNextVersionIsTheSameObject() {
        begin(express, split, alpha);
        int generation = generation();
        int program = view("express").programId();

        engine.withdraw(alpha);
        engine.offer(stage("alpha", "2.0.0", "alpha", List.of("split")));
        settled();

        assertThat(chain()).containsExactly("express", "split", "alpha");
        assertThat(view("alpha").version()).isEqualTo("2.0.0");
        assertThat(List.of(generation(), view("express").programId())).containsExactly(generation, program);
    }

    @Test
    void leavesInTheChangeThatBringsAStageOfEveryPacketAndComesBackWhenThatGoes() {
        begin(express, split, judge, alpha);
        int generation = generation();
        int program = view("alpha").programId();

        engine.offer(meter);
        settled();
        assertThat(chain()).containsExactly("split", "judge", "alpha", "gamma");
        assertThat(lastSwap().what()).isEqualTo("express idle, gamma in");
        assertIdle(WHOM + "gamma, which sees every packet, comes after them");
        send(4);
        assertThat(List.of(seen("express"), seen("alpha"), seen("gamma"))).containsExactly(0L, 4L, 4L);

        long epoch = epoch();
        engine.withdraw(meter);
        settled();
        assertThat(chain()).containsExactly("express", "split", "judge", "alpha");
        assertThat(lastSwap().what()).isEqualTo("express busy, gamma out");
        assertThat(epoch()).as("it decides nothing new").isEqualTo(epoch);
        assertThat(List.of(generation(), view("alpha").programId())).as("one slot").containsExactly(generation, program);
        send(1);
        assertThat(List.of(seen("express"), seen("alpha"))).containsExactly(1L, 4L);
    }

    /** Each packet ends in express, or is counted twice by the alpha that express does not know: none takes half of each. */
    @Test
    void hasEveryPacketOneWayOrTheOtherWhileItComesAndGoes() throws Exception {
        begin(express, split, alpha);
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> traffic = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                send(BURST);
                sent.addAndGet(BURST);
            }
        });
        for (int round = 0; round < 20; round++) {
            StageDescriptor other = stage("alpha", "2.0." + round, "alpha_twice", List.of("split"));
            engine.offer(other);
            assertThat(settled().lost()).isZero();
            engine.withdraw(other);
            assertThat(settled().lost()).isZero();
        }
        over.set(true);
        traffic.get();

        assertThat(List.of(seen("express"), seen("alpha"))).allSatisfy(seen -> assertThat(seen).isPositive());
        assertThat(seen("express") + seen("alpha") / 2).isEqualTo(sent.get());
        assertThat(engine.view().drops()).isEmpty();
    }

    @Test
    void leavesTheEpochAsItIsWhenItIsInstalledAndAStageOfItsOwnRaisesIt() {
        begin(split, judge, alpha);
        long epoch = epoch();
        engine.offer(express);
        settled();
        assertThat(chain()).containsExactly("express", "split", "judge", "alpha");
        assertThat(epoch()).isEqualTo(epoch);

        engine.offer(beta);
        settled();
        assertThat(chain()).containsExactly("express", "split", "beta", "judge", "alpha");
        assertThat(epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void leavesWithAStageThatItStandsForAndKeepsNoneFromGoing() {
        begin(express, split, alpha);
        assertThat(engine.whyNeeded(Set.of(alpha))).isEmpty();

        engine.withdraw(alpha);
        settled();
        assertThat(chain()).containsExactly("split");
        assertIdle(WHOM + "alpha is not in this pipeline");
    }

    @Test
    void isInOnePipelineAndNotInAnother() {
        engine.resources(Specs.resources(
                Specs.without("edge", List.of(device), "alpha"), Specs.ordered("plain", List.of(device + "p"), "split", "alpha")));
        begin(express, split, alpha);

        assertThat(chain()).containsExactly("split");
        assertThat(positions("edge")).containsExactly("alpha 0 left-out", "express 1 idle", "split 2 running");
        assertThat(position("edge").reasons()).contains("idle: " + WHOM + "alpha is not in this pipeline");
        assertThat(positions("")).containsExactly("alpha 3 running", "express 1 running", "split 2 running");
        assertThat(positions("plain")).containsExactly("alpha 2 running", "express 0 left-out", "split 1 running");
        assertThat(position("plain").reasons()).singleElement().asString().startsWith("left out by Pipeline plain");
        assertThat(view("express").state()).isEqualTo("running");
    }

    @Test
    void isRefusedWhereItPublishesAFieldAndNothingLacksThen() {
        StageDescriptor classify = stage("classify", "1.0.0", "classify", List.of()).standingFor(Map.of("alpha", digest("alpha")));
        begin(classify, split);

        assertThat(chain()).containsExactly("split");
        assertThat(engine.refusal(classify)).get().asString().contains(
                "it stands for alpha, so packets may go around it at any time: it can't publish the note's field tenant");
    }

    // ---- the stages

    private Engine.Settled settled() {
        return engine.settle("test").orElseThrow();
    }

    private static StageDescriptor stage(String name, String version, String object, List<String> after) {
        return offer(name, version, after, List.of(), WhichPackets.EVERY, compiled(object + ".bpf.o"));
    }

    private static StageDescriptor express(String version, String... objects) {
        Map<String, String> stages = new LinkedHashMap<>();
        Stream.of(objects).forEach(name -> stages.put(name, digest(name)));
        return offer("express", version, List.of(), List.of("split"), WhichPackets.EVERY, compiled("express.bpf.o"))
                .standingFor(stages);
    }

    /** As somebody would find it who asks no Manx. */
    private static String digest(String name) {
        try {
            Process sum = new ProcessBuilder("sha256sum", "target/test-classes/META-INF/bpf/" + name + ".bpf.o").start();
            return new String(sum.getInputStream().readAllBytes()).split(" ")[0];
        } catch (IOException e) {
            throw new IllegalStateException("sha256sum of " + name, e);
        }
    }

    // ---- what is

    private void send(int packets) {
        send(Lane.ESTABLISHED, packets);
    }

    private void send(Lane lane, int packets) {
        assertThat(send(lane.ordinal(), packets)).isEqualTo(PASSED);
    }

    private long epoch() {
        StateMap map = engine.view().map("manx_epoch");
        return map.get(map.key().allocate()).orElseThrow().order(ByteOrder.nativeOrder()).getInt(0);
    }

    private int generation() {
        return pipeline().generation();
    }

    private SwapView lastSwap() {
        List<SwapView> swaps = engine.view().swaps();
        return swaps.get(swaps.size() - 1);
    }

    private StageView view(String name) {
        return engine.view().stages().stream()
                .filter(stage -> stage.name().equals(name) && stage.programId() != 0)
                .findFirst()
                .orElseThrow();
    }

    private List<String> positions(String pipeline) {
        return engine.view().positions().stream()
                .filter(view -> view.pipeline().equals(pipeline))
                .map(view -> view.stage() + " " + view.position() + " " + view.state())
                .sorted()
                .toList();
    }

    private PositionView position(String pipeline) {
        return engine.view().positions().stream()
                .filter(view -> view.pipeline().equals(pipeline) && view.stage().equals("express"))
                .findFirst()
                .orElseThrow();
    }

    private void assertIdle(String why) {
        assertThat(view("express").state()).isEqualTo("idle");
        assertThat(view("express").why()).isEqualTo(why);
        assertThat(position("").state()).isEqualTo("idle");
        assertThat(position("").reasons()).contains("idle: " + why);
    }
}
