package io.manx.core;

import io.manx.libbpf.Attachment;
import io.manx.libbpf.BpfException;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.Clsact;
import io.manx.libbpf.Tcx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attaches entry programs: takes over the pinned link of an earlier run without a gap, else makes one. */
final class Attacher {
    private static final Logger LOG = LoggerFactory.getLogger(Attacher.class);
    private static final String SEPARATOR = "+";

    private final EntryPrograms entries;
    private final Path links;
    private final BitSet rows = new BitSet();
    private final int rowLimit;
    private AttachMode mode;

    Attacher(EntryPrograms entries, Path links, AttachMode mode) {
        this.entries = entries;
        this.links = links;
        this.mode = mode;
        this.rowLimit = (int) entries.constant("ATTACH_POINTS");
        pins().forEach(pin -> rows.set(row(pin)));
    }

    /** @throws BpfException the kernel refuses */
    AttachPoint attach(Pipeline pipeline, String interfaceName, int ifindex, boolean egress) {
        Optional<Path> earlier = mode == AttachMode.CLSACT ? Optional.empty() : pinOf(interfaceName, egress);
        int row = earlier.map(Attacher::row).orElseGet(this::freeRow);
        BpfObject entry = entries.loadEntry(pipeline.array(), ifindex, row, egress);
        try {
            return earlier.flatMap(pin -> takeOver(pin, interfaceName, ifindex, egress, entry))
                    .orElseGet(() -> attachNew(interfaceName, ifindex, egress, row, entry));
        } catch (RuntimeException e) {
            entry.close();
            rows.clear(row);
            throw e;
        }
    }

    void released(AttachPoint point) {
        rows.clear(point.row());
    }

    /** Detaches what an earlier run left pinned and nobody wants now. */
    void removeStale(Set<String> wantedInterfaces) {
        pins().filter(pin -> !wantedInterfaces.contains(interfaceOf(pin))).forEach(pin -> {
            LOG.info("detaching {}, which an earlier run left attached", interfaceOf(pin));
            rows.clear(row(pin));
            MapStore.unpin(pin);
        });
    }

    private Optional<AttachPoint> takeOver(
            Path pin, String interfaceName, int ifindex, boolean egress, BpfObject entry) {
        Attachment link = Tcx.open(pin);
        if (link.ifindex() != ifindex) {
            link.close();
            MapStore.unpin(pin);
            return Optional.empty();
        }
        link.update(entry.program(EntryPrograms.PROGRAM));
        return Optional.of(
                new AttachPoint(interfaceName, ifindex, egress, row(pin), "tcx", link, Optional.of(pin), entry));
    }

    private AttachPoint attachNew(String interfaceName, int ifindex, boolean egress, int row, BpfObject entry) {
        BpfProgram program = entry.program(EntryPrograms.PROGRAM);
        if (mode != AttachMode.CLSACT) {
            try {
                return attachTcx(interfaceName, ifindex, egress, row, entry);
            } catch (BpfException e) {
                if (mode == AttachMode.TCX || !lacksTcx(e)) {
                    throw e;
                }
                LOG.info("this kernel has no tcx (6.6 and later do): attaching by clsact");
                mode = AttachMode.CLSACT;
            }
        }
        Attachment filter = Clsact.attach(program, ifindex, egress);
        return new AttachPoint(interfaceName, ifindex, egress, row, "clsact", filter, Optional.empty(), entry);
    }

    private AttachPoint attachTcx(String interfaceName, int ifindex, boolean egress, int row, BpfObject entry) {
        Attachment link = Tcx.attach(entry.program(EntryPrograms.PROGRAM), ifindex, egress);
        Path pin = links.resolve(row + SEPARATOR + PinRoot.encode(interfaceName) + SEPARATOR + direction(egress));
        try {
            Files.createDirectories(links);
            link.pin(pin);
        } catch (IOException e) {
            link.detach();
            link.close();
            throw new UncheckedIOException("making " + links + " for the link of " + interfaceName, e);
        } catch (RuntimeException e) {
            link.detach();
            link.close();
            throw e;
        }
        return new AttachPoint(interfaceName, ifindex, egress, row, "tcx", link, Optional.of(pin), entry);
    }

    /** The kernel answers an attach type it does not know with EINVAL. */
    private static boolean lacksTcx(BpfException e) {
        return e.errno() == 22;
    }

    private int freeRow() {
        int row = rows.nextClearBit(0);
        if (row >= rowLimit) {
            throw new IllegalStateException("all " + rowLimit + " attach points are in use: an interface takes two");
        }
        rows.set(row);
        return row;
    }

    private Optional<Path> pinOf(String interfaceName, boolean egress) {
        String end = SEPARATOR + PinRoot.encode(interfaceName) + SEPARATOR + direction(egress);
        return pins().filter(pin -> pin.getFileName().toString().endsWith(end)).findFirst();
    }

    private Stream<Path> pins() {
        if (!Files.isDirectory(links)) {
            return Stream.empty();
        }
        try (Stream<Path> found = Files.list(links)) {
            return found.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("listing the pinned links in " + links, e);
        }
    }

    private static int row(Path pin) {
        return Integer.parseInt(pin.getFileName().toString().split("\\+", 3)[0]);
    }

    private static String interfaceOf(Path pin) {
        String name = pin.getFileName().toString();
        return PinRoot.decode(name.substring(name.indexOf('+') + 1, name.lastIndexOf('+')));
    }

    private static String direction(boolean egress) {
        return egress ? "egress" : "ingress";
    }
}
