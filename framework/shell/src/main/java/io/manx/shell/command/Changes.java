package io.manx.shell.command;

import io.manx.core.view.Deployment.Change;
import java.util.Locale;

/** What a change of the pipelines prints. */
final class Changes {
    private Changes() {}

    static void print(Change change, Output output) {
        output.value(change, change.generation() == 0 ? change.what() : text(change));
    }

    private static String text(Change change) {
        return String.format(
                Locale.ROOT,
                "%s: generation %d, prepared in %.1f ms, switched in %.1f us, %d packets lost",
                change.what(),
                change.generation(),
                change.prepareMillis(),
                change.switchMicros(),
                change.lost());
    }
}
