package io.manx.core.view;

/**
 * A change of a pipeline, or one that was refused.
 *
 * @param when it was over, UTC, as ISO 8601
 * @param hook {@code tc} or {@code xdp}
 * @param what {@code policy replaced}; several with commas; in, out, replaced, idle, busy, or {@code order}
 * @param why what asked for it
 * @param from the version before; with names where several changed; empty where there was none
 * @param to the version after
 * @param generation the pipeline's number afterwards; 0 where it was refused
 * @param prepareMillis to verify and load, with nothing touched that packets go through
 * @param switchMicros from the first write that packets could see to the last
 * @param packets that left the pipeline between the readings of the counters just before and just after the switch
 * @param lost of these, dropped because a slot held no program
 * @param outcome {@code done}, or {@code refused:} and the reason
 */
public record SwapView(
        String when,
        String hook,
        String what,
        String why,
        String from,
        String to,
        int generation,
        double prepareMillis,
        double switchMicros,
        long packets,
        long lost,
        String outcome) {}
