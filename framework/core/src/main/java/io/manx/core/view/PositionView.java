package io.manx.core.view;

import java.util.List;

/**
 * Why a stage stands where it does, or nowhere.
 *
 * @param hook {@code tc} or {@code xdp}
 * @param pipeline the Pipeline resource that says so; empty: of all interfaces that none is for
 * @param position from 1; idle stages have one too, which they take once they have work, or may stand for others; 0 where the stage is in no pipeline
 * @param state as {@link StageView#state}; {@code missing}: the resource names it, and nobody offers it
 * @param reasons what it says, what others say of it, ties by name; why packets go around it; or why it is in no pipeline
 */
public record PositionView(
        String hook,
        String pipeline,
        int position,
        String stage,
        String bundle,
        String version,
        String state,
        List<String> reasons) {}
