package io.manx.bench.paths;

import io.manx.bench.lab.Config;
import io.manx.bench.lab.Lab;
import io.manx.bench.result.Series;
import io.manx.bench.result.Series.Better;
import io.manx.bench.run.Bench;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many rules or services there are tells on what a new connection costs: TCP connect, accept and close, in CPU time of
 * the thread that has both ends, the gateway's work included.
 */
public final class Connections {
    /** Above, iptables takes minutes to take them in. */
    private static final int MOST_BY_IPTABLES = 1000;

    private final Bench bench;

    public Connections(Bench bench) {
        this.bench = bench;
    }

    public void rules(int[] steps) throws Exception {
        for (int number : steps) {
            if (!bench.hasTimeFor("growth, rules: " + number)) {
                continue;
            }
            try (Lab lab = new Lab()) {
                measure(lab, "CPU per TCP connection, rules: " + number, List.of(
                        direct("iptables", Netfilter.iptables(number, true)),
                        direct("nftables", Netfilter.nftables(number, true)),
                        direct("nftables set", Netfilter.nftablesSet(number)),
                        direct("manx", new Pipeline(lab, Config.WORKLOADS + Config.rulesForWorkloads(number)))));
            }
        }
    }

    public void services(int[] steps) throws Exception {
        for (int number : steps) {
            if (!bench.hasTimeFor("growth, services: " + number)) {
                continue;
            }
            List<Way> ways = new ArrayList<>();
            if (number <= MOST_BY_IPTABLES) {
                ways.add(service("iptables", Netfilter.iptablesServices(number)));
            }
            ways.add(service("nftables map", Netfilter.nftablesServices(number)));
            try (Lab lab = new Lab()) {
                ways.add(service("manx", new Pipeline(lab, Config.WORKLOADS + Config.services(number))));
                measure(lab, "CPU per TCP connection, services: " + number, ways);
            }
        }
    }

    private static Way direct(String name, Way.Forwarder forwarder) {
        return new Way(name, Lab.SERVER4, Config.PORT, Config.PORT, forwarder);
    }

    private static Way service(String name, Way.Forwarder forwarder) {
        return new Way(name, Config.FRONTEND, Config.FRONTEND_PORT, Config.BACKEND_PORT, forwarder);
    }

    /** Set up once, as large ones take their time; measured several times in a row. */
    private void measure(Lab lab, String what, List<Way> ways) throws Exception {
        Map<String, List<Double>> samples = new LinkedHashMap<>();
        ways.forEach(way -> samples.put(way.name(), new ArrayList<>()));
        try (Traffic traffic = new Traffic(lab, bench.effort())) {
            for (Way way : bench.shuffled(ways)) {
                way.forwarder().up();
                try {
                    traffic.settle();
                    for (int i = 0; i < (bench.effort().isTiny() ? 1 : 3); i++) {
                        samples.get(way.name()).add(traffic.connections(way).cpuNanos() / 1e3);
                    }
                } finally {
                    way.forwarder().down();
                }
            }
        }
        bench.add(ways.stream()
                .map(way -> new Series("growth", what, way.name(), "us", Better.LESS, "", samples.get(way.name())))
                .toList());
    }
}
