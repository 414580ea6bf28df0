package io.manx.core;

/** What others' code has thrown, in words. */
final class Failure {
    private Failure() {}

    /** Its message; its name where it has none. */
    static String why(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    }
}
