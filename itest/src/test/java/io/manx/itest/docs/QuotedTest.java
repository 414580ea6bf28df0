package io.manx.itest.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuotedTest {
    private static final List<String> OUTPUT = List.of("first  1", "second 2 ms", "third");

    @Test
    void findsWhatIsMissing() {
        assertThat(Quoted.missing(List.of("first 1", "third"), OUTPUT, false)).isEqualTo("third");
        assertThat(Quoted.missing(List.of("...", "third", "first 1"), OUTPUT, false)).isEqualTo("first 1");
        assertThat(Quoted.missing(List.of("first 1"), OUTPUT, false)).contains("second 2 ms");
    }

    @Test
    void takesDotsForAnything() {
        assertThat(Quoted.missing(List.of("first 1", "second ... ms", "third"), OUTPUT, false)).isNull();
        assertThat(Quoted.missing(List.of("...", "third"), OUTPUT, false)).isNull();
        assertThat(Quoted.missing(List.of("first 1", "..."), OUTPUT, false)).isNull();
        assertThat(Quoted.missing(List.of(), OUTPUT, false)).isNull();
    }

    @Test
    void passesOverWhatOthersPrintMeanwhile() {
        assertThat(Quoted.missing(List.of("third"), OUTPUT, true)).isNull();
    }
}
