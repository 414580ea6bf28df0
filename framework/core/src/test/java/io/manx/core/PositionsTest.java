package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.Order.CycleException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PositionsTest {
    @Test
    void saysWhoseWishItFollows() throws CycleException {
        List<List<String>> reasons = reasons(
                "parse",
                "conntrack after parse",
                "policy after conntrack before nat,routes,nosuch",
                "nat after conntrack",
                "routes after nat");

        assertThat(reasons.get(0)).containsExactly("before conntrack (conntrack says after=parse)");
        assertThat(reasons.get(2)).containsExactly(
                "after conntrack (it says after=conntrack)",
                "before nat, routes (it says before=nat,routes,nosuch)");
        assertThat(reasons.get(3)).containsExactly(
                "after conntrack (it says after=conntrack)",
                "after policy (policy says before=nat,routes,nosuch)",
                "before routes (routes says after=nat)");
    }

    @Test
    void saysWhomItMetByName() throws CycleException {
        List<List<String>> reasons = reasons("b", "c", "a", "d after b");

        assertThat(reasons.get(0)).containsExactly("ahead of b, c by name");
        assertThat(reasons.get(1)).contains("behind a by name", "ahead of c by name");
        assertThat(reasons.get(2)).containsExactly("behind a, b by name", "ahead of d by name");
        assertThat(reasons.get(3)).containsExactly("after b (it says after=b)", "behind c by name");
    }

    @Test
    void explainsAStageThatIsAlone() throws CycleException {
        assertThat(reasons("parse")).containsExactly(List.of("the only stage"));
    }

    private static List<List<String>> reasons(String... offers) throws CycleException {
        return Positions.of(Order.of(List.of(offers).stream().map(Offers::offer).toList()).chain(), FieldRules.NONE);
    }
}
