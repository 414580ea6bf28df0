package io.manx.api.resource;

import java.util.List;

/**
 * {@code manx.io/v1} Pipeline: which stages packets of some interfaces go through, and in what order.
 *
 * @param hook {@code tc} or {@code xdp}
 * @param interfaces by name; empty: every interface that no other Pipeline of the hook names
 * @param order exactly these stages, in this order; empty: all there are, in the order that they derive
 * @param without stages to leave out, where there is no {@code order}
 */
public record Pipeline(
        String name, Source source, String hook, List<String> interfaces, List<String> order, List<String> without)
        implements Resource {
    public Pipeline {
        interfaces = List.copyOf(interfaces);
        order = List.copyOf(order);
        without = List.copyOf(without);
    }

    /** {@code Pipeline NAME (FILE:LINE)}. */
    @Override
    public String toString() {
        return "Pipeline " + name + " (" + source + ")";
    }
}
