package io.manx.core.view;

import java.util.List;

/**
 * A stage somebody has installed.
 *
 * @param state {@code running}, {@code idle} (loaded, routed around), {@code waiting}, {@code refused}, {@code held} (its
 *     bundle is gone, others need it)
 * @param why for what it waits, or why it was refused; empty while it runs
 */
public record StageView(
        String name,
        String bundle,
        String version,
        String hook,
        String packets,
        List<String> after,
        List<String> before,
        String state,
        String why,
        int programId) {}
