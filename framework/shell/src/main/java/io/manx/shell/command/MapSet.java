package io.manx.shell.command;

import io.manx.api.stage.StateMap;
import io.manx.shell.struct.Entry;
import io.manx.shell.struct.EntryText;
import io.manx.shell.struct.NewValue;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code map set}: writes one entry, or some members of it. */
@Command(
        name = "set",
        description = {
            "Writes one entry of a map: KEY : VALUE, as `map dump` prints it.",
            "Members of the value that are not given stay as they are, and are zero in a new entry."
        },
        mixinStandardHelpOptions = true)
final class MapSet implements Callable<Integer> {
    private static final String BETWEEN = ":";

    @Mixin
    private Output output;

    @Mixin
    private MapOperands operands;

    @Override
    public Integer call() {
        List<String> words = operands.words();
        int between = words.indexOf(BETWEEN);
        if (between < 0) {
            throw new IllegalArgumentException("no value: type the key, then \" : \", then the value");
        }
        StateMap map = operands.map();
        ByteBuffer key = MapOperands.key(map, words.subList(0, between));
        Entry entry = new Entry(key, map.get(key).orElseGet(() -> NewValue.of(map)));
        EntryText text = new EntryText(map);
        text.change(entry, words.subList(between + 1, words.size()));
        map.put(entry.key(), entry.value());
        output.value(text.json(entry), String.join(System.lineSeparator(), text.lines(entry)));
        return 0;
    }
}
