package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.StandIn.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rule by which a stage may stand for others, clause by clause. A stage's digest is its name here. */
class StandInTest {
    private static final String WHOM = "it stands for parse, conntrack, nat, forward, and ";
    private final Member fastpath = member("fastpath", WhichPackets.EVERY);
    private final Member parse = member("parse", WhichPackets.EVERY);
    private final Member conntrack = splitting("conntrack");
    private final Member policy = member("policy", WhichPackets.FIRST);
    private final Member nat = member("nat", WhichPackets.TRANSLATED);
    private final Member forward = member("forward", WhichPackets.EVERY);

    @Test
    void objectsToAStageThatIsNotThere() {
        assertThat(objection(fastpath, parse, conntrack, policy, forward)).contains(WHOM + "nat is not in this pipeline");
    }

    @Test
    void objectsToAStageOfOtherCode() {
        Member other = new Member(conntrack.stage(), "other", true);
        assertThat(objection(fastpath, parse, other, policy, nat, forward))
                .contains(WHOM + "conntrack 1.0.0 is not the one it was built with");
    }

    @Test
    void takesADigestInEitherCase() {
        Member loud = new Member(conntrack.stage(), "CONNTRACK", true);
        assertThat(objection(fastpath, parse, loud, policy, nat, forward)).isEmpty();
    }

    @Test
    void objectsToAStageBeforeIt() {
        assertThat(objection(parse, fastpath, conntrack, nat, forward)).contains(WHOM + "parse stands before it");
    }

    @Test
    void objectsToAnotherOrder() {
        assertThat(objection(fastpath, parse, nat, conntrack, forward)).contains(WHOM + "nat stands before conntrack");
    }

    @Test
    void objectsToOneThatSeesEveryPacket() {
        Member meter = member("meter", WhichPackets.EVERY);
        assertThat(objection(fastpath, parse, conntrack, policy, meter, nat, forward))
                .contains(WHOM + "meter, which sees every packet, comes between");
        assertThat(objection(fastpath, parse, conntrack, policy, nat, forward, meter))
                .contains(WHOM + "meter, which sees every packet, comes after them");
    }

    @Test
    void objectsToAnotherOneThatSeesTranslatedPackets() {
        assertThat(objection(fastpath, parse, conntrack, nat, member("mask", WhichPackets.TRANSLATED), forward))
                .contains(WHOM + "mask, which sees the first packets of a flow and the packets of translated flows, comes between");
    }

    @Test
    void objectsToOneOfFirstPacketsWhereFlowsAreNotYetToldApart() {
        Member guard = member("guard", WhichPackets.FIRST);
        String why = WHOM + "guard, which stands where known flows are not yet told apart, comes between";
        assertThat(objection(fastpath, guard, parse, conntrack, nat, forward)).contains(why);
        assertThat(objection(fastpath, parse, guard, conntrack, nat, forward)).contains(why);
        assertThat(objection(fastpath, parse, conntrack, guard, nat, forward)).isEmpty();
    }

    @Test
    void objectsToOneThatTellsFlowsApartItself() {
        assertThat(objection(fastpath, parse, splitting("sorter"), conntrack, nat, forward))
                .contains(WHOM + "sorter, which sees every packet, comes between");
        assertThat(objection(fastpath, splitting("parse"), member("guard", WhichPackets.FIRST), conntrack, nat, forward))
                .as("also between two that it stands for")
                .contains(WHOM + "guard, which stands where known flows are not yet told apart, comes between");
    }

    @Test
    void objectsToEveryOtherWhereNobodyTellsFlowsApart() {
        assertThat(objection(fastpath, parse, member("conntrack", WhichPackets.EVERY), nat, forward, policy))
                .contains(WHOM + "policy, which stands where known flows are not yet told apart, comes after them");
    }

    @Test
    void objectsToAnotherThatStandsForTheSame() {
        assertThat(objection(fastpath, member("faster", WhichPackets.EVERY), parse, conntrack, nat, forward))
                .contains(WHOM + "faster, which sees every packet, comes between");
    }

    @Test
    void doesNotObjectToWhatComesBeforeIt() {
        assertThat(objection(member("meter", WhichPackets.EVERY), fastpath, parse, conntrack, policy, nat, forward)).isEmpty();
    }

    @Test
    void doesNotObjectToStagesThatPacketsGoAround() {
        Member meter = member("meter", WhichPackets.EVERY);
        List<Member> loaded = List.of(fastpath, parse, conntrack, meter, nat, forward);

        assertThat(StandIn.objection(standIn(), loaded, List.of(parse, conntrack, forward))).isEmpty();
    }

    @Test
    void doesNotObjectToAStageThatStandsForNone() {
        assertThat(StandIn.objection(parse.stage(), List.of(parse, conntrack), List.of(conntrack))).isEmpty();
    }

    private static Optional<String> objection(Member... stages) {
        List<Member> loaded = List.of(stages);
        int place = loaded.stream().map(stage -> stage.stage().name()).toList().indexOf("fastpath");
        return StandIn.objection(standIn(), loaded, new ArrayList<>(loaded.subList(place + 1, loaded.size())));
    }

    private static StageDescriptor standIn() {
        Map<String, String> stages = new LinkedHashMap<>();
        Stream.of("parse", "conntrack", "nat", "forward").forEach(name -> stages.put(name, name));
        return Offers.offer("fastpath").standingFor(stages);
    }

    private static Member member(String name, WhichPackets packets) {
        return new Member(descriptor(name, packets), name, false);
    }

    private static Member splitting(String name) {
        return new Member(descriptor(name, WhichPackets.EVERY), name, true);
    }

    private static StageDescriptor descriptor(String name, WhichPackets packets) {
        return Offers.offer(name, "1.0.0", List.of(), List.of(), packets, () -> new byte[0]);
    }
}
