package io.manx.itest.docs;

import java.util.ArrayList;
import java.util.List;

/**
 * The fenced {@code console} blocks of a page: commands after {@code $}, and what is quoted of their output. A command that
 * ends with {@code << 'END'} goes on to the line {@code END}.
 */
final class ConsoleBlocks {
    private static final String BEGIN = "```console";
    private static final String END = "```";
    private static final String PROMPT = "$ ";
    private static final String TEXT_BEGIN = "<< 'END'";
    private static final String TEXT_END = "END";

    private ConsoleBlocks() {}

    /** @param output lines as quoted, {@code ...} for anything */
    record Step(int line, String command, List<String> output) {
        @Override
        public String toString() {
            return "line " + line + ": " + command.lines().findFirst().orElseThrow();
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
                int last = text.endsWith(TEXT_BEGIN) ? endOfText(page, i) : i;
                String command = String.join("\n", page.subList(i, last + 1)).substring(PROMPT.length());
                steps.add(new Step(i + 1, command, new ArrayList<>()));
                i = last;
            } else if (inside) {
                steps.get(steps.size() - 1).output().add(text);
            }
        }
        return steps;
    }

    private static int endOfText(List<String> page, int begin) {
        int length = page.subList(begin, page.size()).indexOf(TEXT_END);
        if (length < 0) {
            throw new IllegalArgumentException("line " + (begin + 1) + ": no line " + TEXT_END + " ends the text");
        }
        return begin + length;
    }
}
