package io.manx.conntrack;

/** The row of {@code flows --delete}. */
public record FlowsDeleted(long deleted) {}
