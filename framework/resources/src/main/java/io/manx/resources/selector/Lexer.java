package io.manx.resources.selector;

import java.util.ArrayList;
import java.util.List;

/** Cuts an expression into words, quoted values and symbols. */
final class Lexer {
    private static final List<String> SYMBOLS = List.of("==", "!=", "&&", "||", "!", "(", ")", "{", "}", ",");

    private final String text;
    private int at;

    Lexer(String text) {
        this.text = text;
    }

    /** Ends with a token of kind END. */
    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        while (true) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                tokens.add(new Token(Token.Kind.END, "", at));
                return tokens;
            }
            tokens.add(next());
        }
    }

    private Token next() {
        char first = text.charAt(at);
        if (first == '\'' || first == '"') {
            return quoted(first);
        }
        int start = at;
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                at += symbol.length();
                return new Token(Token.Kind.SYMBOL, symbol, start);
            }
        }
        while (at < text.length() && isWordCharacter(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw new SelectorException(
                    start + 1,
                    "found \"" + first + "\" at character " + (start + 1) + " of \"" + text + "\", expected "
                            + meant(first));
        }
        return new Token(Token.Kind.WORD, text.substring(start, at), start);
    }

    private static String meant(char first) {
        return switch (first) {
            case '=' -> "==";
            case '&' -> "&&";
            case '|' -> "||";
            default -> "a label, a quoted value or an operator";
        };
    }

    private Token quoted(char quote) {
        int start = at;
        int end = text.indexOf(quote, start + 1);
        if (end < 0) {
            throw new SelectorException(
                    start + 1,
                    "the value that starts at character " + (start + 1) + " of \"" + text + "\" has no closing "
                            + quote);
        }
        at = end + 1;
        return new Token(Token.Kind.STRING, text.substring(start + 1, end), start);
    }

    private static boolean isWordCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_./-".indexOf(c) >= 0;
    }
}
