package io.manx.resources.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorsTest {
    /** What the expressions below are tried on. */
    private static final Map<String, String> LABELS =
            Map.of("role", "database", "zone", "eu-1", "k8s.io/app_name", "shop", "in", "side", "empty", "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "role = 'db' ~ 6 ~ found \"=\" at character 6 of \"role = 'db'\", expected ==",
                "role == db ~ 9 ~ found \"db\" at character 9 of \"role == db\", expected a value in quotes",
                "role == 'db ~ 9 ~ the value that starts at character 9 of \"role == 'db\" has no closing '",
                "role ~ 5 ~ found the end at character 5 of \"role\", expected ==, !=, in, not in, contains, starts with"
                        + " or ends with after the label role",
                "role like 'd' ~ 6 ~ found \"like\" at character 6 of \"role like 'd'\", expected ==, !=, in, not in,"
                        + " contains, starts with or ends with after the label role",
                "== 'db' ~ 1 ~ found \"==\" at character 1 of \"== 'db'\", expected a label, has(label), all(), ! or (",
                "role in ('a') ~ 9 ~ found \"(\" at character 9 of \"role in ('a')\", expected {",
                "role in {'a' 'b'} ~ 14 ~ found the value 'b' at character 14 of \"role in {'a' 'b'}\", expected a comma"
                        + " or }",
                "role in {'a',} ~ 14 ~ found \"}\" at character 14 of \"role in {'a',}\", expected a value in quotes",
                "role not {'a'} ~ 10 ~ found \"{\" at character 10 of \"role not {'a'}\", expected \"in\"",
                "role starts 'a' ~ 13 ~ found the value 'a' at character 13 of \"role starts 'a'\", expected \"with\"",
                "has() ~ 5 ~ found \")\" at character 5 of \"has()\", expected a label",
                "any() ~ 1 ~ found \"any\" at character 1 of \"any()\", expected has(label), all() or global()",
                "all() all() ~ 7 ~ found \"all\" at character 7 of \"all() all()\", expected &&, || or the end",
                "(all() ~ 7 ~ found the end at character 7 of \"(all()\", expected )",
                "all() & all() ~ 7 ~ found \"&\" at character 7 of \"all() & all()\", expected &&",
                "all() | all() ~ 7 ~ found \"|\" at character 7 of \"all() | all()\", expected ||",
                "all() && ~ 9 ~ found the end at character 9 of \"all() &&\", expected a label, has(label), all(), ! or (",
                "role == 'a' ; ~ 13 ~ found \";\" at character 13 of \"role == 'a' ;\", expected a label, a quoted value"
                        + " or an operator",
            })
    void refusesAnExpressionAndSaysWhere(String expression, String position, String message) {
        assertThatThrownBy(() -> Selectors.parse(expression))
                .isInstanceOf(SelectorException.class)
                .hasMessage(message)
                .extracting(e -> ((SelectorException) e).position())
                .isEqualTo(Integer.parseInt(position));
    }

    @Test
    void refusesParenthesesWithoutEnd() {
        assertThatThrownBy(() -> Selectors.parse("(".repeat(100_000)))
                .isInstanceOf(SelectorException.class)
                .hasMessageContaining("expected at most 200 nested parentheses");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "`` ; true",
                "` ` ; true",
                "all() ; true",
                "all( ) ; true",
                "!all() ; false",
                "global() ; true",
                "role == 'database' ; true",
                "role==\"database\" ; true",
                "role == 'db' ; false",
                "gone == 'db' ; false",
                "gone == '' ; false",
                "empty == '' ; true",
                "role != 'database' ; false",
                "role != 'db' ; true",
                "gone != 'db' ; true",
                "role in {'web', 'database'} ; true",
                "role in {\"web\"} ; false",
                "role in {} ; false",
                "gone in {''} ; false",
                "empty in {''} ; true",
                "role not in {'web'} ; true",
                "role not in {'database'} ; false",
                "role not in {} ; true",
                "gone not in {'web'} ; true",
                "has(role) ; true",
                "has( zone ) ; true",
                "has(gone) ; false",
                "!has(gone) ; true",
                "! ! has(role) ; true",
                "has(k8s.io/app_name) ; true",
                "k8s.io/app_name == 'shop' ; true",
                "in in {'side'} ; true",
                "role contains 'tab' ; true",
                "role contains 'x' ; false",
                "gone contains '' ; false",
                "role starts with 'data' ; true",
                "role starts with 'base' ; false",
                "role ends with 'base' ; true",
                "role ends with 'data' ; false",
                "has(gone) && has(role) || has(zone) ; true",
                "has(zone) || has(role) && has(gone) ; true",
                "(has(zone) || has(role)) && has(gone) ; false",
                "!has(gone) && role == 'database' ; true",
                "!role == 'database' ; false",
                "!(has(gone) || has(nothing)) ; true",
                "has(role)&&has(zone)&&!has(gone) ; true",
            })
    void matches(String expression, boolean expected) {
        assertThat(Selectors.parse(expression).matches(LABELS)).isEqualTo(expected);
    }

    @Test
    void globalMatchesWhatBelongsToNoNamespace() {
        assertThat(Selectors.parse("global()").matches(Map.of("projectcalico.org/namespace", "shop")))
                .isFalse();
    }

    @Test
    void keepsTheTextAndIsEqualByIt() {
        assertThat(Selectors.parse("has(a)")).hasToString("has(a)").isEqualTo(Selectors.parse("has(a)"));
        assertThat(Selectors.parse("has(a)")).isNotEqualTo(Selectors.parse("has(b)"));
    }
}
