package io.manx.core.view;

import java.util.List;

/**
 * One attach point's pipeline.
 *
 * @param hook {@code tc-ingress}, {@code tc-egress} or {@code xdp}
 * @param attach how it is attached: {@code tcx}, {@code clsact}, {@code xdp-native} or {@code xdp-generic}; {@code waiting} while the interface is missing
 * @param generation counts whole pipelines, from 1
 */
public record PipelineView(String interfaceName, String hook, String attach, int generation, Lanes lanes) {
    /**
     * The three ways through it; each has only the stages that its packets pass.
     *
     * @param first of packets whose flow is not yet decided
     * @param established of known flows, with nothing to rewrite
     * @param translated of known flows whose packets nat rewrites
     */
    public record Lanes(List<StageRow> first, List<StageRow> established, List<StageRow> translated) {}

    /**
     * A stage in a lane of this attach point.
     *
     * @param slot row of the prog array, divided by the lanes
     * @param programId the kernel's
     * @param packets that reached the stage in this lane at this attach point
     * @param bytes of those, from layer 2 on
     * @param drops packets that ended there
     */
    public record StageRow(
            String name,
            String bundle,
            String version,
            int slot,
            int programId,
            long packets,
            long bytes,
            long drops) {}
}
