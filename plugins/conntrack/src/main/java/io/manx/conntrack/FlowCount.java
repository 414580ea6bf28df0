package io.manx.conntrack;

/** The row of {@code flows --count}. */
public record FlowCount(long flows) {}
