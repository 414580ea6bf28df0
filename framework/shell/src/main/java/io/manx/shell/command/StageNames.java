package io.manx.shell.command;

import io.manx.core.view.StageView;
import io.manx.shell.Console;
import java.util.Iterator;

/** Completion by the names of the stages that are there. */
final class StageNames implements Iterable<String> {
    private final Console console;

    StageNames(Console console) {
        this.console = console;
    }

    @Override
    public Iterator<String> iterator() {
        return console.services().dataPlane().stages().stream()
                .map(StageView::name)
                .distinct()
                .iterator();
    }
}
