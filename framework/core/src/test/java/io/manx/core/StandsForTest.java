package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandsForTest {
    private static final String A = "a".repeat(64);
    private static final String B = "0123456789ABCDEF".repeat(4);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            parse          | stands-for: parse (expected STAGE=SHA256 with the digest in hex)
            =%1$s          | stands-for: =%1$s (expected STAGE=SHA256 with the digest in hex)
            parse=%1$s=1   | stands-for: parse=%1$s=1 (expected STAGE=SHA256 with the digest in hex)
            parse=         | stands-for: parse=: the digest is no SHA-256 (expected 64 hex digits, as sha256sum prints of the object of parse)
            parse=%1$sa    | stands-for: parse=%1$sa: the digest is no SHA-256
            parse=g%2$s    | the digest is no SHA-256 (expected 64 hex digits, as sha256sum prints of the object of parse)
            """)
    void refusesWhatIsNotANameAndADigest(String part, String why) {
        assertThatThrownBy(() -> StandsFor.parse(List.of(filled(part))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(filled(why));
    }

    @Test
    void refusesAStageThatIsNamedTwice() {
        assertThatThrownBy(() -> StandsFor.parse(List.of("parse=" + A, "parse=" + B)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stands-for names parse twice");
    }

    @Test
    void keepsTheOrder() {
        assertThat(StandsFor.parse(List.of("parse=" + B, "conntrack = " + A, "alpha=" + A)))
                .containsExactly(entry("parse", B), entry("conntrack", A), entry("alpha", A));
        assertThat(StandsFor.parse(List.of())).isEmpty();
    }

    private static String filled(String text) {
        return text.replace("%1$s", A).replace("%2$s", A.substring(1));
    }
}
