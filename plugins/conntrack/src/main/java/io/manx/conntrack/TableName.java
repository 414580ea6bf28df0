package io.manx.conntrack;

import java.util.Optional;

/** The four flow tables, in the order in which they are shown. */
enum TableName {
    CONFIRMED_IPV4("manx_flows4", "confirmed-ipv4", Optional.of("TABLE_FULL4")),
    YOUNG_IPV4("manx_young4", "young-ipv4", Optional.empty()),
    CONFIRMED_IPV6("manx_flows6", "confirmed-ipv6", Optional.of("TABLE_FULL6")),
    YOUNG_IPV6("manx_young6", "young-ipv6", Optional.empty());

    /** In C. */
    final String map;

    /** As users see it. */
    final String shown;

    /** What {@link Counts} tell of it being full; a young one never is: the kernel makes room. */
    final Optional<String> fullCount;

    TableName(String map, String shown, Optional<String> fullCount) {
        this.map = map;
        this.shown = shown;
        this.fullCount = fullCount;
    }
}
