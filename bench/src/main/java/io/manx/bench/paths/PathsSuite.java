package io.manx.bench.paths;

import io.manx.bench.lab.Config;
import io.manx.bench.lab.Lab;
import io.manx.bench.result.Series;
import io.manx.bench.result.Series.Better;
import io.manx.bench.run.Bench;
import io.manx.bench.run.Effort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Real traffic from a client to a server through every kind of gateway: in each round each kind in turn, in random order,
 * is set up, measured in every respect, and taken down.
 */
public final class PathsSuite {
    private static final String SUITE = "paths";
    private static final int SERVER_PORT = Config.PORT;

    private final Bench bench;
    private final Map<String, Map<String, List<Double>>> samples = new LinkedHashMap<>();
    private final Map<String, String> units = new LinkedHashMap<>();

    public PathsSuite(Bench bench) {
        this.bench = bench;
    }

    public void run() throws Exception {
        try (Lab lab = new Lab();
                Traffic traffic = new Traffic(lab, bench.effort())) {
            List<Way> ways = ways(lab, bench.effort());
            int rounds = rounds(bench.effort());
            for (int round = 1; bench.hasTimeFor(SUITE, round - 1, rounds); round++) {
                for (Way way : bench.shuffled(ways)) {
                    way.forwarder().up();
                    try {
                        traffic.settle();
                        measure(way, traffic);
                    } finally {
                        way.forwarder().down();
                    }
                }
                bench.progress().say("paths: round " + round + " of " + rounds + ", " + ways.size() + " ways each");
            }
            report(ways);
        }
    }

    private static int rounds(Effort effort) {
        return effort.isTiny() ? 1 : effort.isFull() ? 7 : 5;
    }

    private static List<Way> ways(Lab lab, Effort effort) {
        List<Way> ways = new ArrayList<>(List.of(
                direct("plain", new Nothing()),
                direct("redirect_peer", Handover.toPeer(lab)),
                direct("iptables, 10 rules", Netfilter.iptables(10, true)),
                direct("nftables, 10 rules", Netfilter.nftables(10, true)),
                direct("manx, 10 rules", new Pipeline(lab, Config.WORKLOADS + Config.rulesForWorkloads(10))),
                service("iptables, 1000 services", Netfilter.iptablesServices(1000)),
                service("nftables map, 1000 services", Netfilter.nftablesServices(1000)),
                service("manx, 1000 services", new Pipeline(lab, Config.WORKLOADS + Config.services(1000)))));
        if (!effort.isFull()) {
            return ways;
        }
        ways.addAll(List.of(
                direct("redirect_neigh", Handover.toNeighbour(lab)),
                direct("iptables, 10 rules walked", Netfilter.iptables(10, false)),
                direct("nftables, 10 rules walked", Netfilter.nftables(10, false)),
                direct("nftables set, 10 rules", Netfilter.nftablesSet(10)),
                direct("manx to hosts, 10 rules", new Pipeline(lab, Config.HOSTS + Config.rulesForHosts(10)))));
        for (int number : new int[] {1, 100}) {
            String services = number == 1 ? "1 service" : number + " services";
            ways.add(service("iptables, " + services, Netfilter.iptablesServices(number)));
            ways.add(service("nftables map, " + services, Netfilter.nftablesServices(number)));
            ways.add(service("manx, " + services, new Pipeline(lab, Config.WORKLOADS + Config.services(number))));
        }
        return ways;
    }

    private static Way direct(String name, Way.Forwarder forwarder) {
        return new Way(name, Lab.SERVER4, SERVER_PORT, SERVER_PORT, forwarder);
    }

    private static Way service(String name, Way.Forwarder forwarder) {
        return new Way(name, Config.FRONTEND, Config.FRONTEND_PORT, Config.BACKEND_PORT, forwarder);
    }

    private void measure(Way way, Traffic traffic) throws Exception {
        Traffic.Injected injected = traffic.inject(way);
        take("CPU per packet, injected", "ns", way, injected.nanosPerPacket());
        take("packets per second, injected", "packets/s", way, injected.perSecond());
        Traffic.Injected flooded = traffic.flood(way);
        take("CPU per packet, sent", "ns", way, flooded.nanosPerPacket());
        take("packets per second, sent", "packets/s", way, flooded.perSecond());
        take("round trip p50, UDP", "ns", way, traffic.roundTrip(way, "udp"));
        take("round trip p50, TCP", "ns", way, traffic.roundTrip(way, "tcp"));
        Traffic.Connections connections = traffic.connections(way);
        take("TCP connections per second", "1/s", way, connections.perSecond());
        take("CPU per TCP connection", "ns", way, connections.cpuNanos());
        traffic.segmentation(false);
        try {
            Traffic.Stream one = traffic.stream(way, 1);
            take("TCP throughput, no GSO, 1 stream", "Gbit/s", way, one.gigabits());
            take("sender's CPU per segment, no GSO, 1 stream", "ns", way, one.nanosPerSegment());
            take("TCP throughput, no GSO, 8 streams", "Gbit/s", way, traffic.stream(way, 8).gigabits());
        } finally {
            traffic.segmentation(true);
        }
        if (!bench.effort().isFull()) {
            return;
        }
        take("TCP throughput, 1 stream", "Gbit/s", way, traffic.stream(way, 1).gigabits());
        take("TCP throughput, 8 streams", "Gbit/s", way, traffic.stream(way, 8).gigabits());
    }

    private void take(String what, String unit, Way way, double value) {
        units.put(what, unit);
        samples.computeIfAbsent(what, w -> new LinkedHashMap<>()).computeIfAbsent(way.name(), v -> new ArrayList<>()).add(value);
    }

    private void report(List<Way> ways) {
        samples.forEach((what, byWay) -> {
            String unit = units.get(what);
            Better better = unit.equals("ns") ? Better.LESS : Better.MORE;
            bench.add(ways.stream()
                    .map(way -> new Series(SUITE, what, way.name(), unit, better, "", byWay.get(way.name())))
                    .toList());
        });
    }

    /** The kernel forwards by itself. */
    private static final class Nothing implements Way.Forwarder {
        @Override
        public void up() {}

        @Override
        public void down() {}
    }
}
