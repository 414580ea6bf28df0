package io.manx.resources.selector;

import io.manx.api.resource.Selector;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads Calico's selector expressions:
 *
 * <pre>
 *   label == 'v'          the label is there and has this value
 *   label != 'v'          the label is not there, or has another value
 *   label in {'v', 'w'}   label not in {'v', 'w'}
 *   label contains 'v'    label starts with 'v'    label ends with 'v'
 *   has(label)            all()                    global()  (whatever belongs to no namespace)
 *   !a    a &amp;&amp; b    a || b    (a)
 * </pre>
 */
public final class Selectors {
    /** Matches everything; what an empty expression means. */
    public static final Selector ALL = parse("all()");

    private Selectors() {}

    /**
     * @param expression empty or blank: everything
     * @throws SelectorException naming the character at which it stops making sense
     */
    public static Selector parse(String expression) {
        return new Parsed(expression, expression.isBlank() ? labels -> true : new Parser(expression).parse());
    }

    private record Parsed(String text, Predicate<Map<String, String>> test) implements Selector {
        @Override
        public boolean matches(Map<String, String> labels) {
            return test.test(labels);
        }

        /** Two selectors are the same when they were written the same, so that unchanged policies can be told. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Selector that && text.equals(that.text());
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
