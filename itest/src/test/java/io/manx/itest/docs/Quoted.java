package io.manx.itest.docs;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a page quotes of an output. A line {@code ...} is any lines or none; {@code ...} in a line is any text; how many
 * blanks stand between words does not count.
 */
final class Quoted {
    private static final String ANY = "...";

    private Quoted() {}

    /**
     * @param more others may print meanwhile: lines that are not quoted are passed over
     * @return the first quoted line that the output does not have in its place; null where all are there
     */
    static String missing(List<String> quoted, List<String> output, boolean more) {
        Deque<String> rest = new ArrayDeque<>(output);
        boolean any = more;
        for (String line : quoted) {
            if (line.strip().equals(ANY)) {
                any = true;
                continue;
            }
            Pattern pattern = pattern(line);
            while (any && !rest.isEmpty() && !matches(pattern, rest.peek())) {
                rest.pop();
            }
            if (rest.isEmpty() || !matches(pattern, rest.pop())) {
                return line;
            }
            any = more;
        }
        return quoted.isEmpty() || any || rest.isEmpty() ? null : "(nothing more, but there is: " + rest.peek() + ")";
    }

    private static Pattern pattern(String line) {
        return Pattern.compile(Arrays.stream(blanks(line).split(Pattern.quote(ANY), -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    }

    private static boolean matches(Pattern pattern, String line) {
        return pattern.matcher(blanks(line)).matches();
    }

    private static String blanks(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }
}
