package io.manx.bench.changes;

import io.manx.bench.lab.Config;
import io.manx.bench.lab.Flows;
import io.manx.bench.lab.Flows.Turn;
import io.manx.bench.lab.Lab;
import io.manx.bench.programs.Conversation;
import io.manx.bench.programs.Opening;
import io.manx.bench.result.Series;
import io.manx.bench.result.Series.Better;
import io.manx.bench.run.Bench;
import io.manx.core.PinRoot;
import io.manx.libbpf.Attachment;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.Tcx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** {@code manx run} in a process of its own, as a user starts it. */
final class WholeManx {
    private static final int FLOWS = 512_000;
    private static final double MIB = 1 << 20;
    private static final long POLL_NANOS = 200_000;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final Bench bench;

    WholeManx(Bench bench, Lab lab) {
        this.bench = bench;
        bench.progress().say("changes: manx run between " + lab.client().name() + " and " + lab.server().name());
    }

    void run() throws Exception {
        int starts = bench.effort().isTiny() ? 1 : bench.effort().isFull() ? 7 : 3;
        List<Double> startMillis = new ArrayList<>();
        if (!bench.hasTimeFor("changes, starts and memory")) {
            return;
        }
        /* The first start of a build prepares the others. */
        RunningManx.start(resources(10)).close();
        for (int i = 0; bench.hasTimeFor("changes, starts", i, starts); i++) {
            try (RunningManx manx = RunningManx.start(resources(10))) {
                startMillis.add(manx.readyMillis());
            }
        }
        if (startMillis.isEmpty()) {
            return;
        }
        add("start to ready", "ms", startMillis);
        try (RunningManx manx = RunningManx.start(resources(10))) {
            add("from a changed file to the kernel", "ms", changeMillis(manx, starts));
            fill(manx);
            memory(manx);
        }
    }

    private static String resources(int rules) {
        return Config.HOSTS + Config.rulesForHosts(rules) + Config.services(1);
    }

    /** The epoch rises once the kernel has the new rules. */
    private List<Double> changeMillis(RunningManx manx, int times) throws Exception {
        List<Double> millis = new ArrayList<>();
        try (BpfMap epoch = BpfMap.open(PinRoot.of(manx.state()).maps().resolve("manx_epoch"))) {
            for (int i = 1; i <= times; i++) {
                Path next = manx.config().resolve(".next");
                Files.writeString(next, resources(10 + i));
                int before = number(epoch);
                long begin = System.nanoTime();
                Files.move(next, manx.config().resolve("all.yaml"), StandardCopyOption.ATOMIC_MOVE);
                while (number(epoch) == before) {
                    if (System.nanoTime() - begin > PATIENCE_NANOS) {
                        throw new IOException("a changed policy did not reach the kernel within 30 s: " + manx.said());
                    }
                    LockSupport.parkNanos(POLL_NANOS);
                }
                millis.add((System.nanoTime() - begin) / 1e6);
                Thread.sleep(500);
            }
        }
        return millis;
    }

    private static int number(BpfMap epoch) {
        return epoch.get(epoch.key().allocate()).orElseThrow().getInt(0);
    }

    /** By packets through its own pipeline. */
    private void fill(RunningManx manx) throws Exception {
        int flows = bench.effort().isTiny() ? 1000 : FLOWS;
        Opening.of(Conversation.plain("udp", 4), new Flows(flows, Turn.IN_TURN), port -> {
            try (Attachment entry = Tcx.open(link(manx, port))) {
                return BpfProgram.byId(entry.programId());
            }
        });
        long known = 0;
        try (Stream<Path> pins = Files.list(PinRoot.of(manx.state()).maps())) {
            for (Path pin : pins.filter(path -> path.getFileName().toString().matches("manx_flows[46]")).toList()) {
                try (BpfMap map = BpfMap.open(pin)) {
                    LongAdder count = new LongAdder();
                    map.forEach((key, value) -> count.increment());
                    known += count.sum();
                }
            }
        }
        if (known < 0.99 * flows) {
            throw new IOException("of " + flows + " flows " + known + " are in the tables");
        }
    }

    private static Path link(RunningManx manx, String port) throws IOException {
        try (Stream<Path> links = Files.list(PinRoot.of(manx.state()).links())) {
            return links.filter(path -> path.getFileName().toString().contains("+" + port + "+ingress"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("nothing is attached to the ingress of " + port + ": is tcx not here?"));
        }
    }

    private void memory(RunningManx manx) throws Exception {
        List<Double> resident = new ArrayList<>();
        for (int i = 0; i < (bench.effort().isTiny() ? 1 : bench.effort().isFull() ? 8 : 4); i++) {
            Thread.sleep(1000);
            resident.add(manx.residentBytes() / MIB);
        }
        add("resident memory, 512k flows", "MiB", resident);
        double maps = 0;
        try (Stream<Path> pins = Files.list(PinRoot.of(manx.state()).maps())) {
            for (Path pin : pins.toList()) {
                maps += lockedBytes(pin);
            }
        }
        add("memory of all maps, 512k flows", "MiB", List.of(maps / MIB));
    }

    /** As the kernel accounts for it. */
    private static double lockedBytes(Path pin) throws IOException {
        try (BpfMap map = BpfMap.open(pin)) {
            return Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(map.fd()))).stream()
                    .filter(line -> line.startsWith("memlock:"))
                    .mapToDouble(line -> Double.parseDouble(line.split("\\s+")[1]))
                    .sum();
        }
    }

    private void add(String what, String unit, List<Double> samples) {
        bench.add(List.of(new Series(ChangesSuite.SUITE, what, "manx", unit, Better.LESS, "", samples)));
    }
}
