package io.manx.core;

import io.manx.core.Steps.Step;
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
    private final Predicate<AttachPoint> isAttached;
    private final Steps steps;

    /** @param isAttached whether the attach point's interface still exists, and the attachment on it */
    Flip(Map<AttachPoint, BpfObject> fresh, Predicate<AttachPoint> isAttached, Steps steps) {
        this.fresh = fresh;
        this.isAttached = isAttached;
        this.steps = steps;
    }

    /**
     * One atomic update an attach point, for all of them or none.
     *
     * @return the entries packets took before; close them once no packet is in flight
     */
    List<BpfObject> run() {
        Map<AttachPoint, BpfObject> before = new LinkedHashMap<>();
        try {
            fresh.forEach((point, next) -> flip(point, next, before));
        } catch (RuntimeException | Error e) {
            before.forEach((point, entry) -> flipBack(point, entry, e));
            throw e;
        }
        return new ArrayList<>(before.values());
    }

    /** An attachment that vanishes midway, with its interface or by others' hands, is no reason to undo the others. */
    private void flip(AttachPoint point, BpfObject next, Map<AttachPoint, BpfObject> before) {
        try {
            steps.before(Step.UPDATE_LINK);
            before.put(point, point.flip(next));
        } catch (BpfException e) {
            if (isAttached.test(point)) {
                throw e;
            }
            LOG.warn("the attachment on {} went away while its pipeline changed: {}", point, e.getMessage());
            next.close();
        }
    }

    /** One that can't go back, as its interface is gone, does not keep the others from it. */
    private static void flipBack(AttachPoint point, BpfObject entry, Throwable cause) {
        try {
            point.flip(entry);
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** It is not to be run, or has failed. */
    void abandon() {
        fresh.values().forEach(BpfObject::close);
    }
}
