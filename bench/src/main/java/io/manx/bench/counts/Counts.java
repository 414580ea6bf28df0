package io.manx.bench.counts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Lab;
import io.manx.bench.programs.ProgramsSuite;
import io.manx.bench.run.Commands;
import io.manx.core.StageDescriptor;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.core.view.ProgramView;
import io.manx.libbpf.BpfProgram;
import io.manx.testkit.MachineCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the data plane's programs are made of: what does not depend on how fast a machine is, or how busy.
 *
 * @param kernel what the instructions were rewritten by: its first two numbers
 * @param clang what compiled them: its first number
 * @param programs by name, {@code entry} the one of an ingress
 * @param lanes by name: sums over the programs that its packets go through
 */
public record Counts(String kernel, String clang, Map<String, Program> programs, Map<String, Lane> lanes) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * @param instructions after the verifier has rewritten them
     * @param verifiedInstructions that the verifier followed, on every path it took: what loading costs, and no packet
     * @param jitBytes of machine code; it depends on the processor
     * @param directTailCalls sites that jump straight to the next program
     * @param indirectTailCalls sites that read it from the prog array first; none, or the pipeline is slow
     * @param sites of map operations and dear helpers; a packet takes some of them
     */
    public record Program(
            int instructions,
            int verifiedInstructions,
            int jitBytes,
            int directTailCalls,
            int indirectTailCalls,
            Map<String, Integer> sites) {}

    /**
     * @param lookups sites of lookups, of which a packet takes those of its IP version and its case
     * @param updates likewise, with those that delete
     */
    public record Lane(List<String> programs, int instructions, int lookups, int updates) {}

    public static Counts read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), Counts.class);
    }

    public void write(Path file) throws IOException {
        Files.writeString(file, text() + "\n");
    }

    public String text() throws IOException {
        return JSON.writeValueAsString(this);
    }

    /** Whether the two had the same tools: only then are instructions the same of themselves. */
    @JsonIgnore
    public boolean hasToolsOf(Counts other) {
        return kernel.equals(other.kernel) && clang.equals(other.clang);
    }

    /** Of the default pipeline with every stage at work, loaded into this kernel. */
    public static Counts take() throws IOException {
        try (Lab lab = new Lab();
                Dataplane manx = lab.manx(ProgramsSuite.resources())) {
            Map<String, Program> programs = new TreeMap<>();
            for (ProgramView view : manx.engine().view().programs()) {
                String name = view.stage().equals("entry " + Lab.CLIENT_PORT + " tc-ingress") ? "entry" : view.stage();
                if (!name.contains(" ")) {
                    programs.put(name, program(view, object(manx, name)));
                }
            }
            var lanes = manx.pipeline(Lab.CLIENT_PORT, "tc-ingress").lanes();
            return new Counts(kernelHere(), clangHere(), programs, Map.of(
                    "settled", lane(standIns(lanes.first(), manx), programs),
                    "first", lane(lanes.first(), programs),
                    "established", lane(lanes.established(), programs),
                    "translated", lane(lanes.translated(), programs)));
        }
    }

    private static byte[] object(Dataplane manx, String name) throws IOException {
        StageDescriptor stage = manx.stages().get(name);
        if (stage != null) {
            return stage.object().read();
        }
        try (var in = Counts.class.getResourceAsStream("/META-INF/bpf/" + name + ".bpf.o")) {
            if (in == null) {
                throw new IOException("META-INF/bpf/" + name + ".bpf.o is not on the class path");
            }
            return in.readAllBytes();
        }
    }

    private static Program program(ProgramView view, byte[] object) {
        try (BpfProgram program = BpfProgram.byId(view.id())) {
            MachineCode code = MachineCode.of(program.jited());
            return new Program(
                    view.instructions(),
                    view.verifiedInstructions(),
                    view.jitedBytes(),
                    code.direct(),
                    code.calls() - code.direct(),
                    MapCalls.of(object));
        }
    }

    /** Those that nearly all packets end in. */
    private static List<StageRow> standIns(List<StageRow> lane, Dataplane manx) {
        return lane.stream().filter(row -> manx.stages().get(row.name()).isStandIn()).toList();
    }

    private static Lane lane(List<StageRow> stages, Map<String, Program> programs) {
        List<String> names = new ArrayList<>(List.of("entry"));
        stages.forEach(stage -> names.add(stage.name()));
        int instructions = 0;
        int lookups = 0;
        int updates = 0;
        for (String name : names) {
            Program program = programs.get(name);
            instructions += program.instructions();
            lookups += sites(program, "lookup ");
            updates += sites(program, "update ") + sites(program, "delete ");
        }
        return new Lane(names, instructions, lookups, updates);
    }

    private static int sites(Program program, String kind) {
        return program.sites().entrySet().stream()
                .filter(site -> site.getKey().startsWith(kind))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static String kernelHere() {
        return System.getProperty("os.version").replaceAll("^(\\d+\\.\\d+).*", "$1");
    }

    private static String clangHere() throws IOException {
        return Commands.run("clang", "--version").lines().findFirst().orElse("").replaceAll(".*version (\\d+).*", "$1");
    }
}
