package io.manx.shell.command;

import io.manx.api.stage.StateMap;
import io.manx.shell.struct.Entry;
import io.manx.shell.struct.EntryText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code map get}: one entry. */
@Command(name = "get", description = "Prints one entry of a map.", mixinStandardHelpOptions = true)
final class MapGet implements Callable<Integer> {
    @Mixin
    private Output output;

    @Mixin
    private MapOperands operands;

    @Override
    public Integer call() {
        StateMap map = operands.map();
        Entry entry = MapOperands.get(map, MapOperands.key(map, operands.words()));
        EntryText text = new EntryText(map);
        output.value(text.json(entry), String.join(System.lineSeparator(), text.lines(entry)));
        return 0;
    }
}
