package io.manx.itest.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page says of every difference that the test lets by why it is meant, and of no other. */
class DifferencesPageTest {
    private static final Path PAGE = Path.of("../docs/conntrack-differences.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\|");

    @Test
    void hasARowForEachExplanation() throws IOException {
        List<String> rows = ROW.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)).toList();

        assertThat(rows).containsExactlyInAnyOrderElementsOf(
                Stream.of(Explanation.values()).map(Explanation::row).toList());
    }
}
