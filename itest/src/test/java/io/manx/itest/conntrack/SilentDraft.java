package io.manx.itest.conntrack;

import java.util.ArrayList;
import java.util.List;

/**
 * A flow that falls silent, in the making.
 *
 * @param warm what comes two seconds before it is opened further; empty: nothing
 * @param open what comes before the silence
 * @param after what comes after it
 */
record SilentDraft(List<Step> warm, List<Step> open, List<Step> after) {
    SilentDraft(List<Step> open, List<Step> after) {
        this(List.of(), open, after);
    }

    /** Cut from one list. @param opened steps before the silence */
    static SilentDraft of(List<Step> steps, int opened) {
        return new SilentDraft(steps.subList(0, opened), steps.subList(opened, steps.size()));
    }

    /** All of it; those after the silence tell that they are. */
    List<Step> steps(long silentMillis) {
        List<Step> all = new ArrayList<>(warm);
        all.addAll(open);
        for (Step step : after) {
            all.add(new Step(step.from(), Event.AFTER_SILENCE, step.event() + " after " + silentMillis + " ms: " + step.text(), step.frames()));
        }
        return all;
    }
}
