package io.manx.bench.paths;

import io.manx.bench.lab.Config;
import io.manx.bench.run.Commands;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The kernel's own filter and NAT, told what Manx is told, in the words of iptables and of nftables. */
final class Netfilter implements Way.Forwarder {
    private static final String[] ALLOWED = {"udp", "tcp"};

    private final Supplier<String> rules;
    private final String[] by;

    private Netfilter(Supplier<String> rules, String... by) {
        this.rules = rules;
        this.by = by;
    }

    @Override
    public void up() throws IOException {
        Commands.feed(rules.get(), by);
    }

    /** iptables of today keeps its tables in nftables, so this is all of both; and what was tracked is forgotten. */
    @Override
    public void down() throws IOException {
        Commands.run("nft", "flush", "ruleset");
        Commands.run("conntrack", "-F");
    }

    /** @param establishedFirst as everyone writes it; else each packet walks all rules before that one */
    static Netfilter iptables(int number, boolean establishedFirst) {
        return new Netfilter(() -> iptablesRules(number, establishedFirst), "iptables-restore");
    }

    private static String iptablesRules(int number, boolean establishedFirst) {
        String established = "-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n";
        String others = IntStream.range(0, Math.max(0, number - 2))
                .mapToObj(i -> "-A FORWARD -p %s -s %s --dport %d -j ACCEPT\n"
                        .formatted(Config.ruleProtocol(i), Config.ruleNet(i), Config.rulePort(i)))
                .collect(Collectors.joining());
        StringBuilder text = new StringBuilder("*filter\n:FORWARD DROP [0:0]\n");
        text.append(establishedFirst ? established : "").append(others);
        for (String protocol : ALLOWED) {
            text.append("-A FORWARD -p ").append(protocol).append(" -m multiport --dports 5201,8080 -j ACCEPT\n");
        }
        return text.append(establishedFirst ? "" : established).append("COMMIT\n").toString();
    }

    /** One rule after the other, as they come from iptables. */
    static Netfilter nftables(int number, boolean establishedFirst) {
        return new Netfilter(() -> nftablesRules(number, establishedFirst), "nft", "-f", "-");
    }

    private static String nftablesRules(int number, boolean establishedFirst) {
        String established = "    ct state established,related accept\n";
        String others = IntStream.range(0, Math.max(0, number - 2))
                .mapToObj(i -> "    ip saddr %s %s dport %d accept\n"
                        .formatted(Config.ruleNet(i), Config.ruleProtocol(i), Config.rulePort(i)))
                .collect(Collectors.joining());
        return filter("", (establishedFirst ? established : "") + others
                + "    udp dport { 5201, 8080 } accept\n    tcp dport { 5201, 8080 } accept\n"
                + (establishedFirst ? "" : established));
    }

    /** The same rules looked up in a set. */
    static Netfilter nftablesSet(int number) {
        return new Netfilter(() -> nftablesSetRules(number), "nft", "-f", "-");
    }

    private static String nftablesSetRules(int number) {
        String elements = IntStream.range(0, Math.max(1, number - 2))
                .mapToObj(i -> "%s . %s . %d".formatted(Config.ruleNet(i), Config.ruleProtocol(i), Config.rulePort(i)))
                .collect(Collectors.joining(", "));
        return filter("  set others { type ipv4_addr . inet_proto . inet_service; flags interval; elements = { " + elements + " } }\n",
                "    ct state established,related accept\n    ip saddr . meta l4proto . th dport @others accept\n"
                        + "    udp dport { 5201, 8080 } accept\n    tcp dport { 5201, 8080 } accept\n");
    }

    private static String filter(String sets, String rules) {
        return "table ip bench {\n" + sets + "  chain forward {\n    type filter hook forward priority 0; policy drop;\n" + rules
                + "  }\n}\n";
    }

    /** A chain a service and one a backend, as kube-proxy lays them out. */
    static Netfilter iptablesServices(int number) {
        return new Netfilter(() -> iptablesNat(number), "iptables-restore");
    }

    private static String iptablesNat(int number) {
        StringBuilder text = new StringBuilder("*nat\n:KUBE-SERVICES - [0:0]\n:KUBE-POSTROUTING - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n");
        IntStream.range(0, number).forEach(i -> text.append(":SVC-%1$d - [0:0]\n:SEP-%1$d - [0:0]\n".formatted(i)));
        text.append("-A PREROUTING -j KUBE-SERVICES\n-A OUTPUT -j KUBE-SERVICES\n-A POSTROUTING -j KUBE-POSTROUTING\n");
        text.append("-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000\n");
        text.append("-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN\n-A KUBE-POSTROUTING -j MASQUERADE\n");
        for (int i = 0; i < number; i++) {
            for (String protocol : ALLOWED) {
                text.append("-A KUBE-SERVICES -d %s/32 -p %s --dport 80 -j SVC-%d\n".formatted(Config.frontend(i, number), protocol, i));
                text.append("-A SEP-%d -p %s -j DNAT --to-destination %s:8080\n".formatted(i, protocol, Config.backend(i, number)));
            }
            text.append("-A SVC-%1$d -j SEP-%1$d\n".formatted(i));
        }
        return text.append("COMMIT\n*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m conntrack --ctstate INVALID -j DROP\n")
                .append("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n")
                .toString();
    }

    /** All services in one map. */
    static Netfilter nftablesServices(int number) {
        return new Netfilter(() -> nftablesNat(number), "nft", "-f", "-");
    }

    private static String nftablesNat(int number) {
        String elements = IntStream.range(0, number)
                .boxed()
                .flatMap(i -> IntStream.range(0, ALLOWED.length).mapToObj(p -> "%s . %s . 80 : %s . 8080"
                        .formatted(Config.frontend(i, number), ALLOWED[p], Config.backend(i, number))))
                .collect(Collectors.joining(", "));
        return "table ip bench {\n"
                + "  map services { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; elements = { " + elements
                + " } }\n  chain pre {\n    type nat hook prerouting priority -100;\n"
                + "    dnat ip to ip daddr . meta l4proto . th dport map @services\n  }\n  chain forward {\n"
                + "    type filter hook forward priority 0; policy accept;\n    ct state invalid drop\n"
                + "    ct state established,related accept\n  }\n}\n";
    }
}
