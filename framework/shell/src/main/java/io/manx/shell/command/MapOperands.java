package io.manx.shell.command;

import io.manx.api.stage.StateMap;
import io.manx.shell.Console;
import io.manx.shell.struct.Entry;
import io.manx.shell.struct.StructText;
import io.manx.shell.struct.StructWords;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NoSuchElementException;
import picocli.CommandLine.Parameters;

/** The map and the key that a command names. */
final class MapOperands {
    @Parameters(index = "0", paramLabel = "NAME", description = "The map.", completionCandidates = MapNames.class)
    private String name;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "WORD",
            description = "The key as MEMBER=VALUE for each member, as `map dump` prints it; a plain integer's value"
                    + " alone; or all of its bytes as 0x and two digits each.")
    private List<String> words;

    private final Console console;

    MapOperands(Console console) {
        this.console = console;
    }

    StateMap map() {
        return console.services().dataPlane().map(name);
    }

    List<String> words() {
        return words;
    }

    static ByteBuffer key(StateMap map, List<String> words) {
        return new StructWords(new StructText(map.key())).whole(words);
    }

    /** @throws NoSuchElementException the map holds nothing under this key */
    static Entry get(StateMap map, ByteBuffer key) {
        return map.get(key)
                .map(value -> new Entry(key, value))
                .orElseThrow(() -> new NoSuchElementException(
                        map.name() + " holds nothing under " + new StructText(map.key()).words(key)));
    }
}
