package io.manx.itest.conntrack;

import java.util.List;

/**
 * Steps that follow from a seed alone.
 *
 * @param kind what it is mostly about
 * @param tags of all its frames on the wire
 * @param silentMillis how long it is silent before it goes on; 0: it never is
 */
record Scenario(long seed, int number, String kind, Tags tags, long silentMillis, List<Step> steps) {
    Scenario(long seed, int number, String kind, Tags tags, List<Step> steps) {
        this(seed, number, kind, tags, 0, steps);
    }

    /** As the long run is told to repeat it: {@code -Dmanx.differential.seed=SEED -Dmanx.differential.scenario=NUMBER}. */
    @Override
    public String toString() {
        return "scenario " + number + " of seed " + seed + " (" + kind + (tags == Tags.NONE ? ")" : ", tagged: " + tags + ")");
    }

    /** The steps up to this one, each in a line. */
    String until(int last) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i <= last; i++) {
            lines.append("\n    ").append(i).append("  ").append(steps.get(i));
        }
        return lines.toString();
    }
}
