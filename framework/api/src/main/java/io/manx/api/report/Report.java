package io.manx.api.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A table that a bundle shows, and a command of that name: {@code flows}, {@code services}. An OSGi service.
 *
 * <p>A row is a record; its components are the columns, and the keys in JSON.
 */
@ConsumerType
public interface Report {
    /** The command: one lower-case word. */
    String name();

    /** One line, for the help. */
    String description();

    /** The filters it takes: {@code --proto tcp}. */
    default List<Filter> filters() {
        return List.of();
    }

    /**
     * The rows, lazily where there may be many; the caller closes the stream.
     *
     * @param filters value by name of those that were given
     * @throws IllegalArgumentException a value is not of its form; the message says what is expected
     */
    Stream<? extends Record> rows(Map<String, String> filters);

    /**
     * Whether the rows come as things happen, without end: each is shown at once, and the stream is closed once nobody
     * reads it any more.
     */
    default boolean isLive(Map<String, String> filters) {
        return false;
    }

    /**
     * @param name without the dashes: {@code proto}
     * @param value what stands for its value in the help: {@code PROTO}; empty: it takes none, and is {@code true} where it
     *     is given
     * @param description one line
     */
    record Filter(String name, String value, String description) {}
}
