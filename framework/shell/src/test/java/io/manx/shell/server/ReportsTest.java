package io.manx.shell.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.report.Report;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class ReportsTest {
    private static final Version OLD = Version.parseVersion("1.9.0");
    private static final Version NEW = Version.parseVersion("1.10.0");
    private static final Report FLOWS = new Named("flows");
    private static final Report NEW_FLOWS = new Named("flows");
    private static final Report ROUTES = new Named("routes");
    private final Reports reports = new Reports();

    /** Two of one name are two reports all the same. */
    private static final class Named implements Report {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String description() {
            return "what the test says";
        }

        @Override
        public Stream<? extends Record> rows(Map<String, String> filters) {
            return Stream.empty();
        }
    }

    @Test
    void showsTheReportOfTheHigherVersionWhicheverCameFirst() {
        assertThat(reports.add(NEW_FLOWS, NEW)).isTrue();
        assertThat(reports.add(FLOWS, OLD)).isFalse();
        reports.add(ROUTES, OLD);

        assertThat(reports.all()).containsExactly(NEW_FLOWS, ROUTES);
    }

    @Test
    void keepsTheCommandUntilTheLastOfItsNameGoes() {
        reports.add(FLOWS, OLD);
        reports.add(NEW_FLOWS, NEW);

        assertThat(reports.remove(NEW_FLOWS)).isFalse();
        assertThat(reports.all()).containsExactly(FLOWS);
        assertThat(reports.remove(FLOWS)).isTrue();
        assertThat(reports.all()).isEmpty();
    }
}
