package io.manx.bench.lab;

import io.manx.api.resource.Resources;
import io.manx.core.AttachMode;
import io.manx.core.Engine;
import io.manx.core.PinRoot;
import io.manx.core.StageDescriptor;
import io.manx.core.view.PipelineView;
import io.manx.core.view.ProgramView;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.MapInfo;
import io.manx.libbpf.netlink.RtNetlink;
import io.manx.resources.FolderSource;
import io.manx.resources.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Manx in this process: the engine with the default stages, on the lab's gateway. */
public final class Dataplane implements AutoCloseable {
    /** Tables of flows, whatever conntrack has of them. */
    private static final Pattern FLOWS = Pattern.compile("manx_(flows|young)[46]");
    private static final String EPOCH = "manx_epoch";

    private final Path folder;
    private final RtNetlink network = new RtNetlink();
    private final PinRoot pins;
    private final Engine engine;
    private final Map<String, StageDescriptor> stages = new LinkedHashMap<>();

    /** @param yaml resources, as a user writes them */
    Dataplane(String yaml, List<StageDescriptor> offered) throws IOException {
        folder = Files.createTempDirectory("manx-bench");
        Path state = Files.createDirectory(folder.resolve("state"));
        pins = PinRoot.of(state);
        engine = new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of()), network);
        try {
            engine.resources(load(yaml));
            offered.forEach(stage -> stages.put(stage.name(), stage));
            stages.values().forEach(engine::offer);
            engine.start();
        } catch (RuntimeException | IOException e) {
            close();
            throw e;
        }
    }

    public Engine engine() {
        return engine;
    }

    /** By name, as they run now. */
    public Map<String, StageDescriptor> stages() {
        return Map.copyOf(stages);
    }

    /** Replaces stages by themselves, under another version. */
    public Engine.Settled replace(String version, String... names) {
        for (String name : names) {
            StageDescriptor old = stages.get(name);
            StageDescriptor next = Stages.next(old, version);
            engine.withdraw(old);
            engine.offer(next);
            stages.put(name, next);
        }
        return engine.settle("benchmark").orElseThrow();
    }

    public void resources(String yaml) throws IOException {
        engine.resources(load(yaml));
    }

    /** By way of files, as a user's: nothing is accepted here that `manx run` would refuse. */
    private Resources load(String yaml) throws IOException {
        Path config = folder.resolve("config");
        Files.createDirectories(config);
        Files.writeString(config.resolve("all.yaml"), yaml);
        try (FolderSource source = new FolderSource(config, new FolderSource.Listener() {
            @Override
            public void changed(Resources resources) {
                throw new IllegalStateException(config + " is not watched");
            }

            @Override
            public void refused(List<Problem> problems) {
                throw new IllegalStateException(config + " is not watched");
            }
        })) {
            return source.load();
        }
    }

    public PipelineView pipeline(String port, String hook) {
        return engine.view().pipelines().stream()
                .filter(pipeline -> pipeline.interfaceName().equals(port) && pipeline.hook().equals(hook))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no pipeline is on " + port + " " + hook));
    }

    /** The program at the beginning of an interface's ingress; the caller closes it. */
    public BpfProgram ingress(String port) {
        ProgramView entry = engine.view().programs().stream()
                .filter(program -> program.stage().equals("entry " + port + " tc-ingress"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing is attached to the ingress of " + port));
        return BpfProgram.byId(entry.id());
    }

    /** Packets of known flows at the ingress of an interface: those that nat rewrites, or those that it never sees. */
    public long known(String port, boolean rewritten) {
        PipelineView.Lanes lanes = pipeline(port, "tc-ingress").lanes();
        return (rewritten ? lanes.translated() : lanes.established()).stream().mapToLong(PipelineView.StageRow::packets).max().orElse(0);
    }

    /** Packets dropped at the ingress of an interface, of one reason. */
    public long dropped(String port, String reason) {
        return engine.view().drops().stream()
                .filter(drop -> drop.interfaceName().equals(port) && drop.reason().equals(reason))
                .mapToLong(drop -> drop.packets())
                .sum();
    }

    /** One of the framework's, by its pin; the caller closes it. */
    public BpfMap map(String name) {
        return BpfMap.open(pins.maps().resolve(name));
    }

    /** Entries in all tables of flows. */
    public long flows() throws IOException {
        long sum = 0;
        for (String table : flowTables()) {
            sum += entries(table);
        }
        return sum;
    }

    /** The one that holds flows now. @throws IllegalStateException none does */
    public MapInfo tableOfFlows() throws IOException {
        for (String table : flowTables()) {
            if (entries(table) > 0) {
                try (BpfMap map = map(table)) {
                    return map.info();
                }
            }
        }
        throw new IllegalStateException("none of " + flowTables() + " holds a flow");
    }

    public void forgetFlows() throws IOException {
        for (String table : flowTables()) {
            try (BpfMap map = map(table)) {
                empty(map);
            }
        }
    }

    private List<String> flowTables() throws IOException {
        try (Stream<Path> all = Files.list(pins.maps())) {
            return all.map(pin -> pin.getFileName().toString()).filter(name -> FLOWS.matcher(name).matches()).sorted().toList();
        }
    }

    private long entries(String table) {
        LongAdder count = new LongAdder();
        try (BpfMap map = map(table)) {
            map.forEach((key, value) -> count.increment());
        }
        return count.sum();
    }

    public static void empty(BpfMap map) {
        List<ByteBuffer> keys = new ArrayList<>();
        map.forEach((key, value) -> keys.add(key));
        keys.forEach(map::delete);
    }

    /** The number of the configuration in force. */
    public int epoch() {
        try (BpfMap epoch = map(EPOCH)) {
            return epoch.get(epoch.key().allocate()).orElseThrow().getInt(0);
        }
    }

    /** Takes an earlier number: flows that were judged under it are known again, though the pipeline has changed. */
    public void epoch(int number) {
        try (BpfMap epoch = map(EPOCH)) {
            epoch.put(epoch.key().allocate(), epoch.value().allocate().putInt(0, number));
        }
    }

    @Override
    public void close() {
        engine.close();
        network.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + folder, e);
        }
    }
}
