package io.manx.shell.command;

import io.manx.api.stage.StateMap;
import io.manx.shell.Console;
import io.manx.shell.format.JsonList;
import io.manx.shell.format.Listing;
import io.manx.shell.struct.Entry;
import io.manx.shell.struct.EntryText;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code map dump}: every entry, by the C types of its key and its value. */
@Command(
        name = "dump",
        description = "Prints every entry of a map, member by member, as KEY : VALUE.",
        mixinStandardHelpOptions = true)
final class MapDump implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "NAME", description = "The map.", completionCandidates = MapNames.class)
    private String name;

    @Option(names = "--all", description = "Also entries whose value is all zeros.")
    private boolean all;

    MapDump(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        StateMap map = console.services().dataPlane().map(name);
        EntryText text = new EntryText(map);
        if (output.json) {
            try (JsonList list = new JsonList(console.out())) {
                map.forEach((key, value) -> visit(key, value, entry -> list.add(text.json(entry))));
            }
        } else {
            map.forEach((key, value) ->
                    visit(key, value, entry -> text.lines(entry).forEach(console.out()::println)));
        }
        return 0;
    }

    private void visit(ByteBuffer key, ByteBuffer value, Consumer<Entry> shown) {
        Entry entry = new Entry(key, value);
        if (all || !entry.isZero()) {
            shown.accept(entry);
            Listing.stillRead(console.out());
        }
    }
}
