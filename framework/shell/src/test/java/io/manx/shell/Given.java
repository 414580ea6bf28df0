package io.manx.shell;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.api.report.Report;
import io.manx.api.stage.StateMap;
import io.manx.core.view.DataPlane;
import io.manx.core.view.Deployment;
import io.manx.core.view.DropView;
import io.manx.core.view.MapView;
import io.manx.core.view.PipelineView;
import io.manx.core.view.PositionView;
import io.manx.core.view.Probation;
import io.manx.core.view.ProgramView;
import io.manx.core.view.StageView;
import io.manx.core.view.SwapView;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A data plane with one pipeline and one map, and a deployment that refuses what is called bad.jar. */
public final class Given implements Services, DataPlane, Deployment {
    /** struct key { struct addr source; __be16 port; __u8 pad[6]; } */
    public static final Layout KEY = new Layout(
            "flow_key",
            24,
            List.of(
                    new Field("source", "struct addr", 0, 16),
                    new Field("source.word", "__be32[4]", 0, 16),
                    new Field("source.word[0]", "__be32", 0, 4),
                    new Field("port", "__be16", 16, 2),
                    new Field("pad", "__u8[6]", 18, 6),
                    new Field("pad[0]", "__u8", 18, 1)));

    /** struct value { __u64 packets; struct { __be32 gateway; __u8 kind; } route; __u8 pad[3]; } */
    public static final Layout VALUE = new Layout(
            "flow",
            16,
            List.of(
                    new Field("packets", "__u64", 0, 8),
                    new Field("route", "struct route", 8, 8),
                    new Field("route.gateway", "__be32", 8, 4),
                    new Field("route.kind", "__u8", 12, 1)));

    public final MemoryMap flows = new MemoryMap();
    public List<Report> reports = List.of();

    public record Row(String protocol, int packets) {}

    @Override
    public DataPlane dataPlane() {
        return this;
    }

    @Override
    public Deployment deployment() {
        return this;
    }

    @Override
    public List<Report> reports() {
        return reports;
    }

    @Override
    public List<PipelineView> pipelines() {
        PipelineView.StageRow parse =
                new PipelineView.StageRow("parse", "io.manx.parse", "1.0.0", 1, 42, 7, 700, 1);
        PipelineView.Lanes lanes = new PipelineView.Lanes(List.of(parse, nat(2, 1)), List.of(), List.of(nat(4, 2)));
        return List.of(new PipelineView("eth0", "tc-ingress", "tcx", 3, lanes));
    }

    private static PipelineView.StageRow nat(long packets, long drops) {
        return new PipelineView.StageRow("nat", "io.manx.nat", "1.0.0", 5, 46, packets, 100 * packets, drops);
    }

    @Override
    public List<StageView> stages() {
        return List.of(new StageView(
                "nat", "io.manx.nat", "1.0.0", "tc", "every", List.of("service"), List.of(), List.of(), List.of(),
                "waiting", "for service", 0));
    }

    @Override
    public List<PositionView> positions() {
        return List.of(
                new PositionView(
                        "tc", "", 1, "parse", "io.manx.parse", "1.0.0", "running",
                        List.of("before nat (nat says after=parse)", "ahead of policy by name")),
                new PositionView(
                        "tc", "edge", 0, "late", "late", "1.0.0", "waiting", List.of("late must follow early, which was refused")));
    }

    @Override
    public List<DropView> drops() {
        return List.of(new DropView("eth0", "tc-ingress", "policy", "policy-deny", 2, 120));
    }

    @Override
    public List<SwapView> swaps() {
        return List.of(new SwapView(
                "2026-03-01T12:00:00.250Z", "tc", "policy replaced", "update policy.jar", "1.0.0", "1.1.0", 4, 12.34, 2.1,
                17, 0, "done"));
    }

    @Override
    public List<ProgramView> programs() {
        return List.of();
    }

    @Override
    public List<MapView> maps() {
        return List.of(new MapView(5, "flows", "hash", 24, 16, 100, 0, ""));
    }

    @Override
    public StateMap map(String name) {
        if (!name.equals("flows")) {
            throw new IllegalArgumentException("there is no map " + name + "; near it: flows");
        }
        return flows;
    }

    @Override
    public String refusalLog(String stage) {
        return "0: R1=ctx()";
    }

    @Override
    public Change install(Path jar) throws RefusedException {
        if (jar.endsWith("bad.jar")) {
            throw new RefusedException("installing " + jar + ": no bundle");
        }
        return new Change(jar + " installed", 4, 12.34, 2.1, 0);
    }

    @Override
    public Change update(Path jar) throws RefusedException {
        return install(jar);
    }

    @Override
    public Change update(Path jar, Probation probation) throws RefusedException {
        return install(jar).and(probation.toString());
    }

    @Override
    public Change remove(String name) {
        return new Change(name + " removed", 5, 0, 1, 0);
    }

    /** A map in the memory of this process. */
    public static final class MemoryMap implements StateMap {
        private final Map<ByteBuffer, ByteBuffer> entries = new LinkedHashMap<>();

        @Override
        public String name() {
            return "flows";
        }

        @Override
        public int capacity() {
            return 100;
        }

        @Override
        public Layout key() {
            return KEY;
        }

        @Override
        public Layout value() {
            return VALUE;
        }

        @Override
        public Optional<ByteBuffer> get(ByteBuffer key) {
            return Optional.ofNullable(entries.get(key));
        }

        @Override
        public void put(ByteBuffer key, ByteBuffer value) {
            entries.put(key, value);
        }

        @Override
        public void putAll(Map<ByteBuffer, ByteBuffer> all) {
            entries.putAll(all);
        }

        @Override
        public boolean delete(ByteBuffer key) {
            return entries.remove(key) != null;
        }

        @Override
        public void forEach(BiConsumer<ByteBuffer, ByteBuffer> visitor) {
            entries.forEach(visitor);
        }
    }
}
