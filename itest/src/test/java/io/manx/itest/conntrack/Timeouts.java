package io.manx.itest.conntrack;

import java.util.Map;
import java.util.TreeMap;

/** How long the flows of both gateways may be silent. */
enum Timeouts {
    AS_THEY_COME("", "", Map.of()),
    /** Of nearly each state another number of seconds, so that one taken for another shows. */
    SHORT(
            """
            apiVersion: projectcalico.org/v3
            kind: FelixConfiguration
            metadata: {name: default}
            spec:
              bpfConntrackTimeouts:
                icmpTimeout: 1s
                tcpSynSent: 2s
                tcpFinsSeen: 3s
                udpTimeout: 3s
                tcpResetSeen: 4s
                genericTimeout: 5s
                tcpEstablished: 7s
            """,
            "udpReplied: 3s, udpStream: 6s",
            kernels());

    static final int GENERIC_SECONDS = 5;
    static final int UDP_STREAM_SECONDS = 6;
    static final int TCP_ESTABLISHED_SECONDS = 7;

    private final String felix;
    private final String settings;
    private final Map<String, Integer> sysctls;

    Timeouts(String felix, String settings, Map<String, Integer> sysctls) {
        this.felix = felix;
        this.settings = settings;
        this.sysctls = sysctls;
    }

    private static Map<String, Integer> kernels() {
        Map<String, Integer> seconds = new TreeMap<>(Map.of(
                "icmp_timeout", 1, "icmpv6_timeout", 1,
                "udp_timeout", 3, "udp_timeout_stream", 6,
                "generic_timeout", 5, "gre_timeout_stream", 5));
        seconds.putAll(Map.of(
                "tcp_timeout_syn_sent", 2, "tcp_timeout_syn_recv", 2,
                "tcp_timeout_last_ack", 3, "tcp_timeout_time_wait", 3,
                "tcp_timeout_close", 4, "tcp_timeout_established", 7));
        seconds.putAll(Map.of("sctp_timeout_shutdown_ack_sent", 3, "sctp_timeout_closed", 4, "sctp_timeout_established", 5));
        /* Of states that are none to Manx. */
        seconds.putAll(Map.of(
                "tcp_timeout_fin_wait", 2, "tcp_timeout_close_wait", 2,
                "tcp_timeout_unacknowledged", 5, "tcp_timeout_max_retrans", 5,
                "sctp_timeout_cookie_wait", 2, "sctp_timeout_cookie_echoed", 2,
                "sctp_timeout_shutdown_sent", 2, "sctp_timeout_shutdown_recd", 2,
                "gre_timeout", 2));
        return seconds;
    }

    /** A FelixConfiguration; empty: none. */
    String felix() {
        return felix;
    }

    /** Of Settings, in {@code spec.conntrack}; empty: none. */
    String settings() {
        return settings;
    }

    /** Seconds by what follows {@code net.netfilter.nf_conntrack_}. */
    Map<String, Integer> sysctls() {
        return sysctls;
    }
}
