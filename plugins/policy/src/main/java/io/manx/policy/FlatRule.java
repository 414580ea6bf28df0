package io.manx.policy;

import java.util.Map;

/**
 * A rule for one IP version, in the terms of the tables.
 *
 * @param conditions one for every dimension
 */
record FlatRule(boolean allow, Map<Dimension, Condition> conditions) {}
