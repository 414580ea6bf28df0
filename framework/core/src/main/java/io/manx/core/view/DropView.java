package io.manx.core.view;

/**
 * @param hook as {@link PipelineView#hook}
 * @param reason as in reason.h without REASON_, lower case, dashes: {@code policy-deny}
 */
public record DropView(String interfaceName, String hook, String stage, String reason, long packets, long bytes) {}
