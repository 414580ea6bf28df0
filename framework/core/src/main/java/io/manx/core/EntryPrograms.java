package io.manx.core;

import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.ProgramTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;

/** The programs at the two ends of a hook's pipelines, and the framework's maps that they declare. */
final class EntryPrograms {
    /** The prog array: one a generation, so it is not among the maps that live on. */
    static final String ARRAY = "manx_stages";

    static final String PROGRAM = "manx_entry";
    private final Hook hook;
    private final ObjectSpec entry;
    private final ObjectSpec exit;
    private final MapStore maps;
    private ProgramTemplate template;

    EntryPrograms(Hook hook, MapStore maps) {
        this.hook = hook;
        this.maps = maps;
        String suffix = hook == Hook.XDP ? "_xdp.bpf.o" : ".bpf.o";
        this.entry = spec("entry" + suffix);
        this.exit = spec("exit" + suffix);
    }

    Hook hook() {
        return hook;
    }

    /** Types and constants of the framework, as the SDK's headers have them. */
    ObjectSpec spec() {
        return entry;
    }

    /** Makes the framework's maps, or finds them where an earlier run left them. */
    void acquireMaps() {
        try (BpfMap root = BpfMap.create(rootSpec());
                BpfObject loaded = entry.load(entryOptions(root))) {
            maps.keepFixed(loaded, Set.of(ARRAY));
        }
    }

    /** As {@link Root#open}. */
    Root openRoot(PinRoot pins, Phase phase) {
        return Root.open(pins.root(hook), rootSpec(), phase);
    }

    private MapSpec rootSpec() {
        return arraySpec().withMaxEntries(rootRows());
    }

    MapSpec arraySpec() {
        return entry.maps().stream()
                .filter(map -> map.name().equals(ARRAY))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(entry.name() + " declares no map " + ARRAY));
    }

    /** An attach point's own program; calls what its row of {@code root} holds. */
    BpfObject loadEntry(BpfMap root, int ifindex, int row, Place place) {
        long direction = constant(place.egress() ? "DIRECTION_EGRESS" : "DIRECTION_INGRESS");
        LoadOptions options = entryOptions(root)
                .setting("manx_slot", constant("SLOT_ENTRY"))
                .setting("manx_attach", row)
                .setting("manx_note_head", noteHead(ifindex, row, direction));
        if (hook == Hook.TC) {
            options.setting("manx_direction", direction);
        }
        if (template == null) {
            template = entry.template(options, PROGRAM);
        }
        return template.load(options);
    }

    /** What a packet's note begins with there, as one word in memory. */
    private long noteHead(int ifindex, int row, long direction) {
        Layout note = entry.btf().struct("note");
        ByteBuffer bytes = note.allocate();
        note.field("ifindex").set(bytes, ifindex);
        note.field("attach").set(bytes, row);
        note.field("direction").set(bytes, direction);
        note.field("lane").set(bytes, constant("LANE_FIRST"));
        return bytes.order(ByteOrder.nativeOrder()).getLong(note.field("ifindex").offset());
    }

    BpfObject loadExit(BpfMap array) {
        return exit.load(options(exit, array).setting("manx_slot", constant("SLOT_EXIT")));
    }

    static BpfProgram exitProgram(BpfObject exit) {
        return exit.program("manx_exit");
    }

    long constant(String enumerator) {
        return entry.btf()
                .constant(enumerator)
                .orElseThrow(() -> new IllegalStateException(entry.name() + " has no enumerator " + enumerator));
    }

    private int rootRows() {
        return (int) constant("ROOT_ROWS");
    }

    private LoadOptions entryOptions(BpfMap root) {
        return options(entry, root).maxEntries(ARRAY, rootRows());
    }

    private LoadOptions options(ObjectSpec spec, BpfMap array) {
        return maps.plan("", spec, Map.of(ARRAY, array), MigrationChoice.NONE).options();
    }

    /** An object that comes with this bundle. */
    static ObjectSpec spec(String name) {
        try (InputStream in = EntryPrograms.class.getResourceAsStream("/META-INF/bpf/" + name)) {
            if (in == null) {
                throw new IllegalStateException("META-INF/bpf/" + name + " is missing from io.manx.core: it was built without clang");
            }
            return ObjectSpec.parse(name, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("reading META-INF/bpf/" + name, e);
        }
    }
}
