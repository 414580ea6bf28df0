package io.manx.core;

import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import io.manx.core.Tally.Drop;
import io.manx.core.Tally.Place;
import io.manx.core.Tally.Stage;
import io.manx.core.view.Probation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bundle with one stage, whose counters and clock are this test's. */
class ProbationsTest {
    private static final String BUNDLE = "bundle.policy";
    private static final Place PLACE = new Place(1, new Stage(Hook.TC, "policy"));
    private static final Probation HALF_A_MINUTE = new Probation(Duration.ofSeconds(30), OptionalDouble.empty());

    private final EngineThread thread = new EngineThread();
    private final Map<Place, Long> packets = new HashMap<>();
    private final Map<Drop, Long> drops = new HashMap<>();
    private final List<String> backs = new ArrayList<>();
    private final List<String> stood = new ArrayList<>();
    private int replaced;
    private Exception refusal;
    private StageInstance running = instance("1.0.0");
    private long seconds;
    private final Probations probations = new Probations(
            thread, this::tally, () -> List.of(running), () -> Set.of(BUNDLE + "/rules", "other/rules"), this::nanos);

    @AfterEach
    void end() {
        probations.close();
        thread.last(() -> {});
    }

    private StageInstance instance(String version) {
        return new StageInstance(
                offer("policy", version, List.of(), List.of()),
                Optional.of(new Control()),
                null);
    }

    /** Refuses resources where this test has a refusal. */
    private final class Control implements StageControl {
        @Override
        public String stage() {
            return "policy";
        }

        @Override
        public void loaded(StageContext context) {
            assertThat(context).isNotNull();
        }

        @Override
        public void resources(Resources resources) throws Exception {
            if (refusal != null) {
                throw refusal;
            }
        }
    }

    private long nanos() {
        return seconds * 1_000_000_000;
    }

    private Tally tally() {
        return new Tally(
                nanos(),
                Map.copyOf(packets),
                Map.copyOf(drops),
                Map.of(PLACE.stage(), running.descriptor().version()));
    }

    /** So many seconds with 100 packets each, of which some are dropped. */
    private void traffic(int forSeconds, long droppedEachSecond) {
        for (int i = 0; i < forSeconds; i++) {
            seconds++;
            packets.merge(PLACE, 100L, Long::sum);
            drops.merge(new Drop(PLACE, "policy-deny"), droppedEachSecond, Long::sum);
            thread.call(probations::tick).forEach(Trial::conclude);
        }
    }

    private void update(String version) {
        String from = running.descriptor().version().toString();
        probations.prepare(BUNDLE, from);
        running = instance(version);
        probations.begin(BUNDLE, version, HALF_A_MINUTE, new End(version));
    }

    private final class End implements ProbationEnd {
        private final String version;

        End(String version) {
            this.version = version;
        }

        @Override
        public void failed(String why) {
            backs.add(why);
        }

        @Override
        public void stood() {
            probations.stay(BUNDLE, () -> stood.add(version));
        }

        @Override
        public void replaced() {
            replaced++;
        }
    }

    private Optional<Probations.Standing> standing() {
        return thread.call(() -> probations.standing(BUNDLE));
    }

    @Test
    void putsTheVersionBeforeBackOnceTheNewOneDropsMore() {
        traffic(20, 1);
        update("1.1.0");
        traffic(6, 20);

        assertThat(backs).containsExactly("policy drops policy-deny 1.0 % -> 20.0 % of packets in 1 s (allowed 7.4 %)");
        assertThat(standing().orElseThrow().why()).startsWith("going back to 1.0.0: policy drops");

        assertThat(probations.goBack(BUNDLE, () -> running = instance("1.0.0"))).isTrue();
        assertThat(standing()).contains(new Probations.Standing(false, "back to 1.0.0: " + backs.get(0)));
        probations.remark(BUNDLE, "a remark");
        assertThat(standing().orElseThrow().why()).endsWith("; a remark");
        traffic(60, 20);
        assertThat(backs).hasSize(1);
    }

    @Test
    void saysWhyTheVersionBeforeDidNotComeBack() {
        update("1.1.0");
        traffic(6, 20);
        boolean back = probations.goBack(BUNDLE, () -> {
            throw new IllegalStateException("the disk is full");
        });

        assertThat(back).isFalse();
        assertThat(standing().orElseThrow().why()).contains("20.0 %").endsWith("but going back to 1.0.0 failed: the disk is full");
    }

    @Test
    void letsAVersionStayThatDropsNoMore() {
        traffic(20, 5);
        update("1.1.0");
        traffic(9, 5);
        assertThat(standing())
                .contains(new Probations.Standing(true, "21 s left; 1.0.0 comes back if this drops more"));
        assertThat(thread.call(probations::maps)).containsExactly(BUNDLE + "/rules");

        traffic(21, 5);
        assertThat(standing()).isEmpty();
        assertThat(stood).containsExactly("1.1.0");
        assertThat(thread.call(probations::maps)).isEmpty();
        traffic(10, 50);
        assertThat(backs).isEmpty();
    }

    @Test
    void putsTheVersionBeforeBackWhenTheControlFails() throws Exception {
        update("1.1.0");
        running.resources(Resources.NONE);
        traffic(1, 0);
        assertThat(backs).isEmpty();

        refusal = new IllegalStateException("no room for a rule");
        assertThatThrownBy(() -> running.resources(Resources.NONE)).isSameAs(refusal);
        traffic(1, 0);

        assertThat(backs).containsExactly("the control of policy failed: no room for a rule");
    }

    @Test
    void goesBackToTheLastVersionThatStoodByItself() {
        traffic(20, 0);
        update("1.1.0");
        traffic(5, 0);
        update("1.1.1");
        traffic(2, 30);

        assertThat(backs).hasSize(1);
        assertThat(standing().orElseThrow().why()).startsWith("going back to 1.0.0");
    }

    @Test
    void endsWithTheNextUpdate() {
        update("1.1.0");
        traffic(2, 30);
        assertThat(backs).hasSize(1);

        running = instance("1.2.0");
        probations.end(BUNDLE);

        assertThat(probations.goBack(BUNDLE, () -> running = instance("1.0.0"))).isFalse();
        assertThat(running.descriptor().version()).hasToString("1.2.0");
        assertThat(standing()).isEmpty();
    }

    @Test
    void doesNotGoBackTwiceNorFromWhatHasNotFailed() {
        update("1.1.0");
        assertThat(probations.goBack(BUNDLE, () -> running = instance("1.0.0"))).isFalse();
        traffic(2, 30);

        assertThat(probations.goBack(BUNDLE, () -> running = instance("1.0.0"))).isTrue();
        assertThat(probations.goBack(BUNDLE, () -> running = instance("0.9.0"))).isFalse();
        assertThat(running.descriptor().version()).hasToString("1.0.0");
    }

    @Test
    void bearsThatItsTrialEndsWhileTheVersionBeforeIsPutBack() {
        update("1.1.0");
        traffic(2, 30);
        assertThat(probations.goBack(BUNDLE, () -> probations.end(BUNDLE))).isTrue();
        assertThat(standing()).isEmpty();

        update("1.2.0");
        traffic(2, 100);
        assertThat(backs).hasSize(2);
        boolean back = probations.goBack(BUNDLE, () -> {
            probations.end(BUNDLE);
            throw new IllegalStateException("the disk is full");
        });
        assertThat(back).isFalse();
        assertThat(standing()).isEmpty();
        probations.remark(BUNDLE, "a remark");
        assertThat(standing()).isEmpty();
    }

    /** The next update must not take it for proven, and keep it as what to go back to, without this being remembered. */
    @Test
    void isOnProbationUntilItHasBeenSeenToThatItStays() {
        update("1.1.0");
        List<Trial> ended = thread.call(() -> {
            seconds += 30;
            return probations.tick();
        });
        assertThat(ended).hasSize(1);
        assertThat(probations.isRunning(BUNDLE)).isTrue();
        assertThat(thread.call(probations::tick)).isEmpty();

        assertThat(probations.prepare(BUNDLE, "1.1.0")).isEqualTo("1.0.0");
        probations.begin(BUNDLE, "1.2.0", HALF_A_MINUTE, new End("1.2.0"));
        ended.forEach(Trial::conclude);

        assertThat(stood).isEmpty();
        assertThat(probations.isRunning(BUNDLE)).isTrue();
    }

    @Test
    void endsWhenSomebodyElseReplacesTheBundle() {
        update("1.1.0");
        running = instance("3.0.0");
        traffic(2, 30);

        assertThat(backs).isEmpty();
        assertThat(replaced).isEqualTo(1);
        assertThat(probations.isRunning(BUNDLE)).isFalse();
    }

    @Test
    void forgetsAnUpdateThatDidNotComeAbout() {
        probations.prepare(BUNDLE, "1.0.0");
        assertThat(thread.call(probations::maps)).containsExactly(BUNDLE + "/rules");

        probations.abandon(BUNDLE);

        assertThat(thread.call(probations::maps)).isEmpty();
        assertThat(probations.isRunning(BUNDLE)).isFalse();
    }
}
