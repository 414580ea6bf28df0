package io.manx.itest.conntrack;

import java.util.List;

/** Steps that follow from a seed alone. @param kind what it is mostly about */
record Scenario(long seed, int number, String kind, List<Step> steps) {
    /** As the long run is told to repeat it: {@code -Dmanx.differential.seed=SEED -Dmanx.differential.scenario=NUMBER}. */
    @Override
    public String toString() {
        return "scenario " + number + " of seed " + seed + " (" + kind + ")";
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
