package io.manx.resources;

/**
 * Something that keeps a snapshot from being taken into force.
 *
 * @param file relative to the folder it was read from; the folder's own name when that is the problem
 * @param line from 1; 0 when the problem is no particular line's
 * @param column from 1; 0 when it is not known
 * @param text what was found and what was expected
 */
public record Problem(String file, int line, int column, String text) {
    /** {@code policy.yaml:14:7: text}, without what is 0. */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + (column > 0 ? ":" + column : "") + ": " + text;
    }
}
