package io.manx.testkit;

import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfException;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.ProgramSpec;
import io.manx.libbpf.ProgramType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs one stage in the kernel on packets that no interface saw: a packet and a note in, a verdict, the packet and the
 * note out.
 *
 * <pre>{@code
 * try (StageHarness parse = StageHarness.of(Path.of("target/classes/META-INF/bpf/parse.bpf.o")).load()) {
 *     Outcome outcome = parse.run(Packets.udp(CLIENT, 5000, SERVER, 53).build());
 *     assertThat(outcome.verdict()).isEqualTo(Verdict.NEXT);
 *     assertThat(outcome.note().get("l4_offset")).isEqualTo(34);
 * }
 * }</pre>
 *
 * <p>Every harness has maps of its own, shared ones included, unless {@link #sharing} says otherwise. It checks by
 * itself that a packet that ends in the stage is counted there, once. For use by one thread.
 */
public final class StageHarness implements AutoCloseable {
    /** The kernel's test run refuses a packet without an Ethernet header. */
    public static final int LEAST_BYTES = 14;

    private static final String OWN = "manx_";
    private static final Consumer<NoteView> NOTHING = note -> {};

    private final ObjectSpec spec;
    private final ProgramSpec stage;
    private final OwnFields fields;
    private final Hook hook;
    private final LoadOptions options = new LoadOptions();
    private BpfObject object;
    private Probe probe;
    private Counters counters;
    private long mark;

    private StageHarness(ObjectSpec spec) {
        this.spec = spec;
        this.stage = stageOf(spec);
        this.hook = Hook.of(stage.type());
        this.fields = OwnFields.of(spec);
    }

    /**
     * @throws BpfException the file is no BPF object
     * @throws IllegalArgumentException it holds no stage, or several, or has fields in the note that take too much of it
     */
    public static StageHarness of(Path object) {
        try {
            return new StageHarness(ObjectSpec.parse(object.getFileName().toString(), Files.readAllBytes(object)));
        } catch (IOException e) {
            throw new UncheckedIOException("stage object " + object + " can't be read; it is compiled by Maven", e);
        }
    }

    private static ProgramSpec stageOf(ObjectSpec spec) {
        List<ProgramSpec> found = spec.programs().stream()
                .filter(program -> program.name().startsWith(OWN))
                .filter(program -> program.type() == ProgramType.TC || program.type() == ProgramType.XDP)
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(spec.name() + " must hold one program manx_NAME for tc or xdp, made by "
                    + "STAGE(NAME), and holds " + found.stream().map(ProgramSpec::name).toList());
        }
        return found.get(0);
    }

    /** Sets a constant of .rodata, before {@link #load}. */
    public StageHarness setting(String name, long value) {
        options.setting(name, value);
        return this;
    }

    /** Gives a map another size, before {@link #load}. */
    public StageHarness maxEntries(String map, int entries) {
        options.maxEntries(map, entries);
        return this;
    }

    /** Uses the loaded other's framework maps (flows, routes, epoch ...), of its sizes, in place of fresh ones, before {@link #load}. */
    public StageHarness sharing(StageHarness other) {
        spec.maps().stream()
                .filter(map -> map.name().startsWith(OWN) && !map.name().equals("manx_stages"))
                .filter(map -> declares(other.spec, map.name()))
                .forEach(map -> share(map, other.map(map.name())));
        return this;
    }

    private void share(MapSpec map, BpfMap theirs) {
        if (map.maxEntries() != theirs.capacity()) {
            options.maxEntries(map.name(), theirs.capacity());
        }
        options.reuse(map.name(), theirs);
    }

    /** Verifies and loads the stage. @throws BpfException the verifier refuses it, and says where */
    public StageHarness load() {
        if (object != null) {
            throw new IllegalStateException(spec.name() + " is loaded already");
        }
        fields.tell(options);
        object = spec.load(options.setting("manx_slot", Probe.SLOT));
        try {
            probe = new Probe(hook, object, object.program(stage.name()));
            counters = new Counters(object.map("manx_ends"), Probe.SLOT);
        } catch (RuntimeException e) {
            object.close();
            throw e;
        }
        return this;
    }

    /** @throws IllegalArgumentException the object declares no map of this name */
    public BpfMap map(String name) {
        return object().map(name);
    }

    /** Another program of the object. */
    public BpfProgram program(String name) {
        return object().program(name);
    }

    /** Value of an enumerator of the object or of the SDK: {@code NOTE_REPLY}. */
    public long constant(String enumerator) {
        object();
        return spec.btf()
                .constant(enumerator)
                .orElseGet(() -> probe.btf()
                        .constant(enumerator)
                        .orElseThrow(() -> new IllegalArgumentException(
                                spec.name() + " has no enumerator " + enumerator + "; see EXPORT_ENUM in export.h")));
    }

    /** Layout of a C struct of the object. */
    public Layout struct(String tag) {
        return spec.btf().struct(tag);
    }

    boolean declares(String map) {
        return declares(spec, map);
    }

    private static boolean declares(ObjectSpec spec, String map) {
        return spec.maps().stream().anyMatch(each -> each.name().equals(map));
    }

    /** {@code skb->mark} of the packets to come; 0 unless set. */
    public StageHarness mark(long value) {
        mark = value;
        return this;
    }

    /** As the other, on a note of zeros: ingress, first lane, nothing known. */
    public Outcome run(byte[] packet) {
        return run(packet, NOTHING);
    }

    /**
     * Runs the stage on a packet.
     *
     * @param packet from the Ethernet header on, {@link #LEAST_BYTES} at least
     * @param before writes into a note of zeros what stages before this one would have
     * @throws AssertionError the packet ended in the stage and was not counted there once, or went on and was counted
     */
    public Outcome run(byte[] packet, Consumer<NoteView> before) {
        if (packet.length < LEAST_BYTES) {
            throw new IllegalArgumentException("the kernel runs no program on a packet of " + packet.length
                    + " bytes: it needs the " + LEAST_BYTES + " of an Ethernet header");
        }
        object();
        Layout note = struct("note");
        Layout layout = fields.in(note);
        ByteBuffer seed = note.allocate();
        before.accept(new NoteView(layout, seed));
        int attach = (int) note.field("attach").get(seed);
        counters.remember(attach);

        Probe.Run run = probe.run(packet, mark, seed);

        return outcome(run, new NoteView(layout, run.note()), attach);
    }

    private Outcome outcome(Probe.Run run, NoteView note, int attach) {
        Verdict verdict = run.reached().isPresent() ? Verdict.NEXT : verdict(run.action(), note);
        Lane lane = run.reached().orElseGet(() -> Lane.values()[(int) note.get("lane")]);
        String reason = verdict == Verdict.DROP ? reason(note.get("reason")) : "REASON_NONE";
        Outcome outcome = new Outcome(verdict, lane, run.packet(), note, reason, run.mark(), run.action());
        counters.check(attach, outcome);
        return outcome;
    }

    /** The kernel drops a packet that a stage keeps: the note tells them apart. */
    private Verdict verdict(int action, NoteView note) {
        Verdict verdict = hook.verdict(action);
        return verdict == Verdict.DROP && note.get("reason") == constant("REASON_KEPT") ? Verdict.KEPT : verdict;
    }

    private String reason(long number) {
        return Reasons.name(number, spec.btf(), probe.btf());
    }

    private BpfObject object() {
        if (object == null) {
            throw new IllegalStateException(spec.name() + " is not loaded yet: call load() first");
        }
        return object;
    }

    @Override
    public void close() {
        if (object != null) {
            probe.close();
            object.close();
        }
    }
}
