package io.manx.dist;

/** Manx will not do it. The message is one line: what was being done, why not, what would help. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message);
    }

    Refusal(String message, Throwable cause) {
        super(message, cause);
    }
}
