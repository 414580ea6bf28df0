package io.manx.resources.selector;

/** @param position index of its first character in the expression, from 0 */
record Token(Kind kind, String text, int position) {
    enum Kind {
        WORD,
        STRING,
        SYMBOL,
        END
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    /** As an error message shows it. */
    String shown() {
        return switch (kind) {
            case END -> "the end";
            case STRING -> "the value '" + text + "'";
            default -> "\"" + text + "\"";
        };
    }
}
