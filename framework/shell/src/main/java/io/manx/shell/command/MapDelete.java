package io.manx.shell.command;

import io.manx.api.stage.StateMap;
import io.manx.shell.struct.Entry;
import io.manx.shell.struct.EntryText;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code map delete}: one entry goes. */
@Command(
        name = "delete",
        description = "Deletes one entry of a map, and prints what it was.",
        mixinStandardHelpOptions = true)
final class MapDelete implements Callable<Integer> {
    @Mixin
    private Output output;

    @Mixin
    private MapOperands operands;

    @Override
    public Integer call() {
        StateMap map = operands.map();
        ByteBuffer key = MapOperands.key(map, operands.words());
        Entry entry = MapOperands.get(map, key);
        map.delete(key);
        EntryText text = new EntryText(map);
        output.value(text.json(entry), String.join(System.lineSeparator(), text.lines(entry)));
        return 0;
    }
}
