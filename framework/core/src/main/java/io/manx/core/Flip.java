package io.manx.core;

import io.manx.libbpf.BpfException;
import io.manx.libbpf.BpfObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves attach points to another prog array: the new entries are loaded already, what is left is an update each. */
final class Flip {
    private static final Logger LOG = LoggerFactory.getLogger(Flip.class);
    private final Map<AttachPoint, BpfObject> fresh;
    private final Predicate<AttachPoint> isThere;

    /** @param isThere whether the attach point's interface still exists */
    Flip(Map<AttachPoint, BpfObject> fresh, Predicate<AttachPoint> isThere) {
        this.fresh = fresh;
        this.isThere = isThere;
    }

    /**
     * One atomic update an attach point, for all of them or none.
     *
     * @return the entries packets took before; close them once no packet is in flight
     */
    List<BpfObject> run() {
        Map<AttachPoint, BpfObject> before = new LinkedHashMap<>();
        try {
            for (AttachPoint point : fresh.keySet()) {
                before.put(point, point.entry());
                flip(point, before);
            }
        } catch (RuntimeException e) {
            before.forEach(AttachPoint::flip);
            throw e;
        }
        return new ArrayList<>(before.values());
    }

    /** An interface that vanishes midway takes its attachment with it: no reason to undo the others. */
    private void flip(AttachPoint point, Map<AttachPoint, BpfObject> before) {
        BpfObject next = fresh.get(point);
        try {
            point.flip(next);
        } catch (BpfException e) {
            before.remove(point);
            if (isThere.test(point)) {
                throw e;
            }
            LOG.warn("interface {} went away while its pipeline changed", point.interfaceName());
            next.close();
        }
    }

    /** It is not to be run, or has failed. */
    void abandon() {
        fresh.values().forEach(BpfObject::close);
    }
}
