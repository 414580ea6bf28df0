package io.manx.resources.selector;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Recursive descent; {@code &&} binds tighter than {@code ||}, {@code !} tighter than both.
 *
 * <pre>
 *   or        = and { "||" and }
 *   and       = operation { "&amp;&amp;" operation }
 *   operation = "!" operation | "(" or ")" | "all()" | "global()" | "has(" label ")" | label comparison
 * </pre>
 */
final class Parser {
    /** So deep that nobody writes it, and far from the end of a thread's stack. */
    private static final int DEEPEST = 200;

    private static final String OPERATORS = "==, !=, in, not in, contains, starts with or ends with";
    private static final String NAMESPACE_LABEL = "projectcalico.org/namespace";

    private final String text;
    private final List<Token> tokens;
    private int at;
    private int depth;

    Parser(String text) {
        this.text = text;
        this.tokens = new Lexer(text).tokens();
    }

    Predicate<Map<String, String>> parse() {
        Predicate<Map<String, String>> whole = or();
        if (peek().kind() != Token.Kind.END) {
            throw unexpected("&&, || or the end");
        }
        return whole;
    }

    private Predicate<Map<String, String>> or() {
        Predicate<Map<String, String>> left = and();
        while (accept("||")) {
            left = left.or(and());
        }
        return left;
    }

    private Predicate<Map<String, String>> and() {
        Predicate<Map<String, String>> left = operation();
        while (accept("&&")) {
            left = left.and(operation());
        }
        return left;
    }

    private Predicate<Map<String, String>> operation() {
        if (++depth > DEEPEST) {
            throw unexpected("at most " + DEEPEST + " nested parentheses and negations");
        }
        Predicate<Map<String, String>> operation = nested();
        depth--;
        return operation;
    }

    private Predicate<Map<String, String>> nested() {
        if (accept("!")) {
            return operation().negate();
        }
        if (accept("(")) {
            Predicate<Map<String, String>> inner = or();
            expect(")");
            return inner;
        }
        if (peek().kind() != Token.Kind.WORD) {
            throw unexpected("a label, has(label), all(), ! or (");
        }
        return tokens.get(at + 1).is("(") ? function() : comparison();
    }

    private Predicate<Map<String, String>> function() {
        Token name = peek();
        Set<String> known = Set.of("has", "all", "global");
        if (!known.contains(name.text())) {
            throw unexpected("has(label), all() or global()");
        }
        at++;
        expect("(");
        Predicate<Map<String, String>> function = labels -> true;
        if (name.isWord("has")) {
            String label = label();
            function = labels -> labels.containsKey(label);
        } else if (name.isWord("global")) {
            function = labels -> !labels.containsKey(NAMESPACE_LABEL);
        }
        expect(")");
        return function;
    }

    private Predicate<Map<String, String>> comparison() {
        String label = label();
        Token operator = peek();
        at++;
        if (operator.is("==")) {
            String value = value();
            return labels -> value.equals(labels.get(label));
        }
        if (operator.is("!=")) {
            String value = value();
            return labels -> !value.equals(labels.get(label));
        }
        if (operator.isWord("in")) {
            Set<String> values = values();
            return labels -> values.contains(labels.getOrDefault(label, "")) && labels.containsKey(label);
        }
        if (operator.isWord("not")) {
            expectWord("in");
            Set<String> values = values();
            return labels -> !labels.containsKey(label) || !values.contains(labels.get(label));
        }
        if (operator.isWord("contains")) {
            return present(label, value(), String::contains);
        }
        if (operator.isWord("starts")) {
            expectWord("with");
            return present(label, value(), String::startsWith);
        }
        if (operator.isWord("ends")) {
            expectWord("with");
            return present(label, value(), String::endsWith);
        }
        at--;
        throw unexpected(OPERATORS + " after the label " + label);
    }

    private interface Comparison {
        boolean test(String actual, String wanted);
    }

    private static Predicate<Map<String, String>> present(String label, String wanted, Comparison comparison) {
        return labels -> {
            String actual = labels.get(label);
            return actual != null && comparison.test(actual, wanted);
        };
    }

    private Set<String> values() {
        expect("{");
        Set<String> values = new HashSet<>();
        if (accept("}")) {
            return values;
        }
        do {
            values.add(value());
        } while (accept(","));
        if (!accept("}")) {
            throw unexpected("a comma or }");
        }
        return values;
    }

    private String label() {
        if (peek().kind() != Token.Kind.WORD) {
            throw unexpected("a label");
        }
        return tokens.get(at++).text();
    }

    private String value() {
        if (peek().kind() != Token.Kind.STRING) {
            throw unexpected("a value in quotes");
        }
        return tokens.get(at++).text();
    }

    private Token peek() {
        return tokens.get(at);
    }

    private boolean accept(String symbol) {
        boolean there = peek().is(symbol);
        at += there ? 1 : 0;
        return there;
    }

    private void expect(String symbol) {
        if (!accept(symbol)) {
            throw unexpected(symbol);
        }
    }

    private void expectWord(String word) {
        if (!peek().isWord(word)) {
            throw unexpected("\"" + word + "\"");
        }
        at++;
    }

    private SelectorException unexpected(String expected) {
        Token found = peek();
        int character = found.position() + 1;
        return new SelectorException(
                character,
                "found " + found.shown() + " at character " + character + " of \"" + text + "\", expected " + expected);
    }
}
