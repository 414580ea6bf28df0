package io.manx.resources.selector;

/** An expression that is no selector. The message says what was found, where, and what was expected. */
public final class SelectorException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int position;

    SelectorException(int position, String message) {
        super(message);
        this.position = position;
    }

    /** The character at which the expression stopped making sense, from 1. */
    public int position() {
        return position;
    }
}
