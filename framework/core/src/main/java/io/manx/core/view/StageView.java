package io.manx.core.view;

import java.util.List;

/**
 * A stage somebody has installed.
 *
 * @param publishes fields of the note that are its own: {@code __u32 tenant}
 * @param requires fields of the note that a stage before it must publish
 * @param state {@code running}, {@code idle} (loaded, routed around), {@code probation} (in the pipeline, and watched since
 *     its update), {@code waiting}, {@code refused}, {@code held} (its bundle is gone, others need it)
 * @param why for what it waits, why it was refused, why it may not stand for others (it is idle then), how long its
 *     probation lasts; while it runs empty, or why it is back in its successor's place
 */
public record StageView(
        String name,
        String bundle,
        String version,
        String hook,
        String packets,
        List<String> after,
        List<String> before,
        List<String> publishes,
        List<String> requires,
        String state,
        String why,
        int programId) {}
