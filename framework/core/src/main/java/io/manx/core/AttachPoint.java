package io.manx.core;

import io.manx.core.Fastener.Fastened;
import io.manx.libbpf.BpfObject;
import java.nio.file.Path;

/** One interface at one place: its entry program and what holds it there. */
final class AttachPoint {
    private final String interfaceName;
    private final int ifindex;
    private final Place place;
    private final int row;
    private final Fastened fastened;
    private final Path pin;
    private final BpfObject entry;

    /**
     * @param row of this attach point in manx_ends
     * @param pin of the link; of a clsact filter, which needs none, the entry's
     */
    AttachPoint(
            String interfaceName,
            int ifindex,
            Place place,
            int row,
            Fastened fastened,
            Path pin,
            BpfObject entry) {
        this.interfaceName = interfaceName;
        this.ifindex = ifindex;
        this.place = place;
        this.row = row;
        this.fastened = fastened;
        this.pin = pin;
        this.entry = entry;
    }

    String interfaceName() {
        return interfaceName;
    }

    int ifindex() {
        return ifindex;
    }

    Place place() {
        return place;
    }

    int row() {
        return row;
    }

    /** {@code tcx}, {@code clsact}, {@code xdp-native} or {@code xdp-generic}. */
    String mode() {
        return fastened.mode();
    }

    /** Whether packets still come in here: others can take an attachment off by force, and it goes with its interface. */
    boolean isAttached() {
        return fastened.attachment().isAttached();
    }

    BpfObject entry() {
        return entry;
    }

    /** Packets bypass Manx from here on. */
    void detach() {
        MapStore.unpin(pin);
        fastened.attachment().detach();
        release();
    }

    /** The attachment is gone: with its interface, or taken off by somebody else. */
    void forget() {
        MapStore.unpin(pin);
        release();
    }

    /** Closes what this process holds; packets go on through the pipeline. */
    void release() {
        fastened.attachment().close();
        entry.close();
    }

    @Override
    public String toString() {
        return interfaceName + " " + place.text();
    }
}
