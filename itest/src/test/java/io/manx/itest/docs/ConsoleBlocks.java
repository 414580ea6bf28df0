package io.manx.itest.docs;

import java.util.ArrayList;
import java.util.List;

/** The fenced {@code console} blocks of a page: commands after {@code $}, and what is quoted of their output. */
final class ConsoleBlocks {
    private static final String BEGIN = "```console";
    private static final String END = "```";
    private static final String PROMPT = "$ ";

    private ConsoleBlocks() {}

    /** @param output lines as quoted, {@code ...} for anything */
    record Step(int line, String command, List<String> output) {
        @Override
        public String toString() {
            return "line " + line + ": " + command;
        }
    }

    static List<Step> of(List<String> page) {
        List<Step> steps = new ArrayList<>();
        boolean inside = false;
        for (int i = 0; i < page.size(); i++) {
            String text = page.get(i);
            if (text.startsWith(END)) {
                inside = text.equals(BEGIN);
            } else if (inside && text.startsWith(PROMPT)) {
                steps.add(new Step(i + 1, text.substring(PROMPT.length()), new ArrayList<>()));
            } else if (inside) {
                steps.get(steps.size() - 1).output().add(text);
            }
        }
        return steps;
    }
}
