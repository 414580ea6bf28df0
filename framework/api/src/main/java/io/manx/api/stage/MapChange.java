package io.manx.api.stage;

import io.manx.api.layout.Layout;

/**
 * A map that an earlier version of a stage left in another layout than this version's.
 *
 * @param map its name in C
 * @param before what it is
 * @param after what this version's object declares
 */
public record MapChange(String map, Shape before, Shape after) {
    /**
     * @param value of one CPU, also in a per-CPU map
     * @param capacity the most entries
     */
    public record Shape(Layout key, Layout value, int capacity) {}
}
