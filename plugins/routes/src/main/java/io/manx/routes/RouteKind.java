package io.manx.routes;

/** {@code enum route_kind} of note.h, whose numbers are read from BTF: {@code LOCAL} is ROUTE_LOCAL. */
enum RouteKind {
    /** The kernel's stack decides. */
    STACK,
    /** An address of this host. */
    LOCAL,
    /** Out by an interface. */
    NEIGHBOUR,
    /** Into a local workload, by the peer of its veth. */
    WORKLOAD;

    String enumerator() {
        return "ROUTE_" + name();
    }
}
