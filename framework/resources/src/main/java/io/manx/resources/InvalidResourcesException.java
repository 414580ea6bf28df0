package io.manx.resources;

import java.util.List;
import java.util.stream.Collectors;

/** What was configured can't be taken into force. Holds every problem of every file, not only the first. */
public final class InvalidResourcesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** @param origin what was read, as the message names it: {@code folder /etc/manx} */
    public InvalidResourcesException(String origin, List<Problem> problems) {
        super(message(origin, problems));
        this.problems = List.copyOf(problems);
    }

    /** In the order of files and lines; never empty. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(String origin, List<Problem> problems) {
        return problems.stream()
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining(
                        "",
                        "resources in " + origin + " refused, "
                                + (problems.size() == 1 ? "1 problem:" : problems.size() + " problems:"),
                        ""));
    }
}
