package io.manx.bench.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bars that Manx is held to. */
public final class Bars {
    private static final String PROGRAMS = "programs";
    private static final String PATHS = "paths";
    private static final String CHANGES = "changes";
    private static final String MANX = "manx";
    private static final String MONOLITH = "monolith";

    private Bars() {}

    public static List<Bar.Judged> judge(List<Series> all) {
        return bars().stream().map(bar -> bar.judge(all)).flatMap(Optional::stream).toList();
    }

    private static List<Bar> bars() {
        List<Bar> bars = new ArrayList<>();
        for (String packet : List.of("v4 udp", "v4 tcp", "v6 udp", "v6 tcp")) {
            bars.add(Bar.ratio("established lane, full default pipeline, no translation, against the monolith",
                    true, 1.3, PROGRAMS, packet + ", one flow", MANX, MONOLITH));
        }
        for (String packet : List.of("v4 udp", "v4 tcp")) {
            bars.add(Bar.ratio("established, translated, against the monolith",
                    true, 1.9, PROGRAMS, packet + " translated, one flow", MANX, MONOLITH));
        }
        bars.add(Bar.ratio("new flow through every stage, 10 policy rules, against a monolith that makes an entry",
                true, 1.6, PROGRAMS, "v4 udp, new flows", MANX, MONOLITH));
        bars.add(Bar.ratio("64k flows in turn, established, against the monolith's same",
                true, 1.2, PROGRAMS, "v4 udp, 64k flows in turn", MANX, MONOLITH));
        bars.addAll(paths());
        bars.add(Bar.figure("start to ready, default pipeline, two interfaces", 2500, CHANGES, "start to ready", MANX));
        bars.add(Bar.figure("resident memory of the JVM, 512,000 flows", 160, CHANGES, "resident memory, 512k flows", MANX));
        return bars;
    }

    private static List<Bar> paths() {
        String rules = "10 rules";
        return List.of(
                Bar.ratio("CPU per forwarded packet against the bare redirect_peer forwarder",
                        true, 1.25, PATHS, "CPU per packet, injected", "manx, " + rules, "redirect_peer"),
                Bar.ratio("CPU per forwarded packet against stateful nftables, 10 rules",
                        true, 0.55, PATHS, "CPU per packet, injected", "manx, " + rules, "nftables, " + rules),
                Bar.ratio("CPU per forwarded packet against kube-proxy-like iptables NAT, 1,000 services",
                        true, 0.5, PATHS, "CPU per packet, injected", "manx, 1000 services", "iptables, 1000 services"),
                Bar.ratio("CPU per packet, sender and receiver included, against the bare redirect_peer forwarder",
                        true, 1.25, PATHS, "CPU per packet, sent", "manx, " + rules, "redirect_peer"),
                Bar.ratio("CPU per packet, sender and receiver included, against stateful nftables, 10 rules",
                        true, 0.55, PATHS, "CPU per packet, sent", "manx, " + rules, "nftables, " + rules),
                Bar.ratio("CPU per packet, sender and receiver included, against iptables NAT, 1,000 services",
                        true, 0.5, PATHS, "CPU per packet, sent", "manx, 1000 services", "iptables, 1000 services"),
                Bar.ratio("connections per second against stateful nftables, 10 rules",
                        false, 1.4, PATHS, "TCP connections per second", "manx, " + rules, "nftables, " + rules),
                Bar.ratio("round trip p50, UDP, against plain kernel forwarding",
                        true, 0.9, PATHS, "round trip p50, UDP", "manx, " + rules, "plain"),
                Bar.ratio("round trip p50, TCP, against plain kernel forwarding",
                        true, 0.9, PATHS, "round trip p50, TCP", "manx, " + rules, "plain"),
                Bar.ratio("TCP without GSO against plain kernel forwarding",
                        false, 1.0, PATHS, "TCP throughput, no GSO, 1 stream", "manx, " + rules, "plain"),
                Bar.ratio("TCP without GSO against stateful iptables",
                        false, 1.3, PATHS, "TCP throughput, no GSO, 1 stream", "manx, " + rules, "iptables, " + rules));
    }
}
