package io.manx.api.resource;

/** Anything a user configures: {@code kind} and {@code name} as in its YAML document. */
public interface Resource {
    /** Namespace and name, joined by a slash, or the name alone where the kind has no namespaces. */
    String name();

    /** Where it was read: {@code file:line} of the document's start. */
    Source source();

    /** @param line from 1 */
    record Source(String file, int line) {
        /** Of what holds where the user wrote nothing. */
        public static final Source NONE = new Source("no document", 1);

        @Override
        public String toString() {
            return file + ":" + line;
        }
    }
}
