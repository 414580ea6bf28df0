package io.manx.nat;

import static io.manx.nat.Given.BACKEND_ONE;
import static io.manx.nat.Given.BACKEND_TWO;
import static io.manx.nat.Given.FRONTEND;
import static io.manx.nat.Given.FRONTEND_TWO;
import static io.manx.nat.Given.PORT;
import static io.manx.nat.Given.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.nat.ServiceTables.Entry;
import io.manx.nat.ServiceTables.Member;
import io.manx.nat.ServiceTables.State;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TableChangeTest {
    private static final Frontend ONE = new Frontend(FRONTEND, PORT, Frontend.TCP);
    private static final Frontend TWO = new Frontend(FRONTEND_TWO, PORT, Frontend.TCP);
    private static final Backend FIRST = new Backend(BACKEND_ONE, TARGET);
    private static final Backend SECOND = new Backend(BACKEND_TWO, TARGET);
    private static final State EMPTY = new State(Map.of(), Map.of());
    private static final State STANDING = new State(Map.of(ONE, new Entry(7, 1)), Map.of(new Member(7, 0), FIRST));

    @Test
    void changesNothingWhereAllStands() {
        TableChange change = TableChange.between(STANDING, Map.of(ONE, List.of(FIRST)));
        assertThat(change).isEqualTo(new TableChange(Map.of(), Set.of(), Map.of(), Set.of(), 1));
    }

    @Test
    void writesANewSetAndDropsTheOld() {
        TableChange change = TableChange.between(STANDING, Map.of(ONE, List.of(FIRST, SECOND)));
        assertThat(change.arriving())
                .isEqualTo(Map.of(new Member(8, 0), FIRST, new Member(8, 1), SECOND));
        assertThat(change.changed()).isEqualTo(Map.of(ONE, new Entry(8, 2)));
        assertThat(change.leaving()).containsExactly(new Member(7, 0));
    }

    @Test
    void letsFrontendsWithEqualBackendsShareASet() {
        TableChange change = TableChange.between(EMPTY, Map.of(ONE, List.of(FIRST), TWO, List.of(FIRST)));
        assertThat(change.arriving()).hasSize(1);
        assertThat(change.changed()).isEqualTo(Map.of(ONE, new Entry(1, 1), TWO, new Entry(1, 1)));
    }

    @Test
    void takesAwayFrontendsThatAreGone() {
        TableChange change = TableChange.between(STANDING, Map.of());
        assertThat(change.gone()).containsExactly(ONE);
        assertThat(change.leaving()).containsExactly(new Member(7, 0));
        assertThat(change.backendsAfter()).isZero();
    }

    @Test
    void givesAFrontendWithoutBackendsNoSet() {
        TableChange change = TableChange.between(STANDING, Map.of(ONE, List.of()));
        assertThat(change.changed()).isEqualTo(Map.of(ONE, new Entry(0, 0)));
        assertThat(change.leaving()).containsExactly(new Member(7, 0));
    }

    @Test
    void clearsAwayASetWhoseWriterStoppedHalfWay() {
        State torn = new State(Map.of(), Map.of(new Member(3, 1), SECOND));
        TableChange change = TableChange.between(torn, Map.of(ONE, List.of(SECOND)));
        assertThat(change.changed()).isEqualTo(Map.of(ONE, new Entry(4, 1)));
        assertThat(change.leaving()).containsExactly(new Member(3, 1));
    }

    @Test
    void numbersSetsPastTheLastNumberAndNeverZero() {
        State last = new State(
                Map.of(ONE, new Entry(0xffffffffL, 1)), Map.of(new Member(0xffffffffL, 0), FIRST));
        assertThat(TableChange.between(last, Map.of(ONE, List.of(SECOND))).changed())
                .isEqualTo(Map.of(ONE, new Entry(1, 1)));
    }
}
