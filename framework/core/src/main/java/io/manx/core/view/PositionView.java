package io.manx.core.view;

import java.util.List;

/**
 * Why a stage stands where it does, or nowhere.
 *
 * @param hook {@code tc} or {@code xdp}: all interfaces share the order of a hook
 * @param position from 1; idle stages have one too, which they take once they have work; 0 where the stage is in no pipeline
 * @param state as {@link StageView#state}
 * @param reasons what it says, what others say of it, ties by name; or why it is in no pipeline
 */
public record PositionView(
        String hook, int position, String stage, String bundle, String version, String state, List<String> reasons) {}
