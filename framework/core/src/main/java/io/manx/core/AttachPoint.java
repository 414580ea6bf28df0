package io.manx.core;

import io.manx.libbpf.Attachment;
import io.manx.libbpf.BpfObject;
import java.nio.file.Path;
import java.util.Optional;

/** One interface in one direction: its entry program and what holds it there. */
final class AttachPoint {
    private final String interfaceName;
    private final int ifindex;
    private final boolean egress;
    private final int row;
    private final String mode;
    private final Attachment attachment;
    private final Optional<Path> pin;
    private BpfObject entry;

    /**
     * @param row of this attach point in manx_ends
     * @param mode {@code tcx} or {@code clsact}
     * @param pin of a tcx link; a clsact filter stays without one
     */
    AttachPoint(
            String interfaceName,
            int ifindex,
            boolean egress,
            int row,
            String mode,
            Attachment attachment,
            Optional<Path> pin,
            BpfObject entry) {
        this.interfaceName = interfaceName;
        this.ifindex = ifindex;
        this.egress = egress;
        this.row = row;
        this.mode = mode;
        this.attachment = attachment;
        this.pin = pin;
        this.entry = entry;
    }

    static String hook(boolean egress) {
        return egress ? "tc-egress" : "tc-ingress";
    }

    String interfaceName() {
        return interfaceName;
    }

    int ifindex() {
        return ifindex;
    }

    boolean egress() {
        return egress;
    }

    int row() {
        return row;
    }

    String mode() {
        return mode;
    }

    BpfObject entry() {
        return entry;
    }

    /** Packets take the new entry from here on. @return the one they took before, still loaded */
    BpfObject flip(BpfObject next) {
        attachment.update(next.program(EntryPrograms.PROGRAM));
        BpfObject before = entry;
        entry = next;
        return before;
    }

    /** Packets bypass Manx from here on. */
    void detach() {
        pin.ifPresent(MapStore::unpin);
        attachment.detach();
        attachment.close();
        entry.close();
    }

    /** The interface is gone, and the attachment with it. */
    void forget() {
        pin.ifPresent(MapStore::unpin);
        attachment.close();
        entry.close();
    }

    /** Closes what this process holds; packets go on through the pipeline. */
    void release() {
        attachment.close();
        entry.close();
    }

    @Override
    public String toString() {
        return interfaceName + " " + hook(egress);
    }
}
