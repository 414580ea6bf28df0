package io.manx.shell.command;

import io.manx.core.view.MapView;
import io.manx.shell.Console;
import java.util.Iterator;

/** Completion by the names of the maps that are there. */
final class MapNames implements Iterable<String> {
    private final Console console;

    MapNames(Console console) {
        this.console = console;
    }

    @Override
    public Iterator<String> iterator() {
        return console.services().dataPlane().maps().stream()
                .map(MapView::name)
                .distinct()
                .iterator();
    }
}
