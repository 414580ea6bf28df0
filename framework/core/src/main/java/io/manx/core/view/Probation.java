package io.manx.core.view;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * On what terms an update stays: while the time runs, what the new version drops is held against what the version before
 * it dropped.
 *
 * @param time from the update on
 * @param maxDropShare of the packets a stage sees, 0 to 1: what it may drop in all; empty: of each reason about what the
 *     version before dropped
 */
public record Probation(Duration time, OptionalDouble maxDropShare) {}
