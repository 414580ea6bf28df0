package io.manx.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of a new stage. {@code @WORDS@} in their text and their names are filled in; a file NAME.more is added to the
 * end of NAME.
 */
final class StageTemplate {
    private static final String MORE = ".more";

    private final Map<String, String> words = new LinkedHashMap<>();

    StageTemplate(String name, boolean xdp, boolean java) {
        words.put("NAME", name);
        words.put("C_NAME", name.replace('-', '_'));
        words.put("CLASS", className(name));
        words.put("BUNDLE", bundle(name));
        words.put("PACKAGE", bundle(name));
        words.put("JAVA_PATH", bundle(name).replace('.', '/'));
        words.put("MANX", Places.home().toString());
        words.put("CONTROL", java ? ";control=true" : "");
        words.put("SUMMARY", xdp
                ? "A stage on the xdp hook: counts frames by EtherType, and drops those of a blocked one."
                : "A stage on the tc hook: counts packets by protocol, and drops those to a blocked port.");
        words.put("EXAMPLE_KEY", xdp ? "34997" : "23");
        words.put("FIRST_BLOCKED", xdp ? "0x88b5" : "9");
        words.put("BLOCKED_MEANING", xdp ? "An EtherType kept for local experiments, IEEE 802." : "The port of discard, RFC 863.");
    }

    /** Symbolic name of its bundle, and its Java package. */
    static String bundle(String name) {
        return "example." + name.replace("-", "");
    }

    private static String className(String name) {
        StringBuilder text = new StringBuilder();
        for (String word : name.split("-")) {
            text.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
        }
        return text.toString();
    }

    /** Fills in every file below {@code from}. */
    void write(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            String name = fill(from.relativize(file).toString());
            boolean more = name.endsWith(MORE);
            Path target = to.resolve(more ? name.substring(0, name.length() - MORE.length()) : name);
            Files.createDirectories(target.getParent());
            Files.writeString(
                    target,
                    fill(Files.readString(file)),
                    more ? StandardOpenOption.APPEND : StandardOpenOption.CREATE_NEW);
        }
    }

    private String fill(String text) {
        String filled = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            filled = filled.replace("@" + word.getKey() + "@", word.getValue());
        }
        return filled;
    }
}
