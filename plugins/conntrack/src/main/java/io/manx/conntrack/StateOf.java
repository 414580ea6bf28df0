package io.manx.conntrack;

import io.manx.api.stage.StageContext;

/** Tells a flow's state from what its two ends have said: {@code enum flow_said} of flow_entry.h. */
final class StateOf {
    private final long goesOn;
    private final long fin;
    private final long reset;

    StateOf(StageContext context) {
        goesOn = context.constant("SAID_GOES_ON");
        fin = context.constant("SAID_FIN");
        reset = context.constant("SAID_RESET");
    }

    Flow.State said(long originator, long responder) {
        if (((originator | responder) & reset) != 0 || (originator & responder & fin) != 0) {
            return Flow.State.CLOSED;
        }
        if (((originator | responder) & fin) != 0) {
            return Flow.State.CLOSING;
        }
        if ((originator & goesOn) != 0) {
            return Flow.State.ESTABLISHED;
        }
        return responder != 0 ? Flow.State.REPLIED : Flow.State.NEW;
    }
}
