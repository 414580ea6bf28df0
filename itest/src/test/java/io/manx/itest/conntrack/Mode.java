package io.manx.itest.conntrack;

/** How strict both gateways are: Manx by its Settings, the kernel by its sysctl for the same. */
enum Mode {
    AS_IT_COMES("", "nf_conntrack_tcp_loose", "1"),
    WITHOUT_PICKUP("pickup: false", "nf_conntrack_tcp_loose", "0"),
    WITHOUT_WINDOW_CHECKS("windowChecks: false", "nf_conntrack_tcp_be_liberal", "1");

    private final String conntrack;
    private final String sysctl;
    private final String value;

    Mode(String conntrack, String sysctl, String value) {
        this.conntrack = conntrack;
        this.sysctl = sysctl;
        this.value = value;
    }

    /** @param timeouts of {@code spec.conntrack}; empty: none */
    String settings(String timeouts) {
        String both = conntrack.isEmpty() || timeouts.isEmpty() ? conntrack + timeouts : conntrack + ", " + timeouts;
        return """
               apiVersion: manx.io/v1
               kind: Settings
               metadata: {name: default}
               spec: {conntrack: {%s}}
               """
                .formatted(both);
    }

    String sysctl() {
        return "net.netfilter." + sysctl;
    }

    String value() {
        return value;
    }
}
