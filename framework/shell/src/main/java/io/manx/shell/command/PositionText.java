package io.manx.shell.command;

import io.manx.core.view.PositionView;
import java.util.List;

/** Why stages stand where they do: in a table the reasons are one sentence. */
final class PositionText {
    private PositionText() {}

    /**
     * @param pipeline {@code -} for that of all interfaces without a Pipeline resource
     * @param position {@code -} where the stage is in no pipeline
     */
    private record Row(
            String hook, String pipeline, String position, String stage, String version, String state, String why) {}

    static void print(Output output, List<PositionView> positions) {
        if (output.json) {
            output.rows(positions.stream());
        } else {
            output.rows(positions.stream().map(PositionText::row));
        }
    }

    private static Row row(PositionView view) {
        return new Row(
                view.hook(),
                view.pipeline().isEmpty() ? "-" : view.pipeline(),
                view.position() == 0 ? "-" : Integer.toString(view.position()),
                view.stage(),
                view.version(),
                view.state(),
                String.join("; ", view.reasons()));
    }
}
