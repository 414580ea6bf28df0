package io.manx.core;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelNetwork;
import io.manx.libbpf.BpfException;
import io.manx.libbpf.BpfObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which interfaces packets are taken from: follows what the user wants and what the kernel has. */
final class AttachPoints {
    private static final Logger LOG = LoggerFactory.getLogger(AttachPoints.class);

    private final Attacher attacher;
    private final EntryPrograms entries;
    private final KernelNetwork network;
    private final Map<String, AttachPoint> points = new LinkedHashMap<>();
    private final Set<String> waiting = new TreeSet<>();
    private Set<String> wanted = Set.of();
    private Consumer<AttachPoint> attached = point -> {};

    AttachPoints(Attacher attacher, EntryPrograms entries, KernelNetwork network) {
        this.attacher = attacher;
        this.entries = entries;
        this.network = network;
    }

    /** Called for each new attach point, right after it is there. */
    void onAttach(Consumer<AttachPoint> listener) {
        attached = listener;
    }

    void want(Set<String> interfaces) {
        wanted = Set.copyOf(interfaces);
    }

    List<AttachPoint> all() {
        return points.values().stream()
                .sorted(Comparator.comparing(AttachPoint::interfaceName).thenComparing(AttachPoint::egress))
                .toList();
    }

    /** Interfaces that are wanted and not there. */
    Set<String> waiting() {
        return Set.copyOf(waiting);
    }

    /** Attaches where an interface is wanted and there, lets go where it is not. */
    void follow(Pipeline pipeline) {
        Map<String, Interface> there = new LinkedHashMap<>();
        network.interfaces().forEach(found -> there.put(found.name(), found));
        for (AttachPoint point : all()) {
            Interface found = there.get(point.interfaceName());
            if (found == null || found.index() != point.ifindex()) {
                LOG.warn("interface {} is gone; Manx attaches when it comes back", point.interfaceName());
                remove(point, AttachPoint::forget);
            } else if (!wanted.contains(point.interfaceName())) {
                LOG.info("interface {} is no longer wanted: detached", point.interfaceName());
                remove(point, AttachPoint::detach);
            }
        }
        waiting.removeIf(name -> !wanted.contains(name));
        for (String name : new TreeSet<>(wanted)) {
            Optional.ofNullable(there.get(name)).ifPresentOrElse(
                    found -> attach(pipeline, found), () -> noteMissing(name));
        }
    }

    /** At the first composition: what an earlier run left attached and nobody wants now. */
    void removeStale() {
        attacher.removeStale(wanted);
    }

    /**
     * Moves every attach point to the pipeline's prog array, one atomic update each, or none.
     *
     * @return the entries packets took before; close them once no packet is in flight
     */
    List<BpfObject> flip(Pipeline next) {
        Map<AttachPoint, BpfObject> fresh = new LinkedHashMap<>();
        Map<AttachPoint, BpfObject> before = new LinkedHashMap<>();
        try {
            for (AttachPoint point : all()) {
                fresh.put(point, entries.loadEntry(next.array(), point.ifindex(), point.row(), point.egress()));
            }
            for (AttachPoint point : fresh.keySet()) {
                before.put(point, point.entry());
                flip(point, fresh.get(point), before);
            }
        } catch (RuntimeException e) {
            before.forEach(AttachPoint::flip);
            fresh.values().forEach(BpfObject::close);
            throw e;
        }
        return new ArrayList<>(before.values());
    }

    /** An interface that vanishes midway takes its attachment with it: no reason to undo the others. */
    private void flip(AttachPoint point, BpfObject next, Map<AttachPoint, BpfObject> before) {
        try {
            point.flip(next);
        } catch (BpfException e) {
            before.remove(point);
            if (isThere(point)) {
                throw e;
            }
            LOG.warn("interface {} went away while its pipeline changed", point.interfaceName());
            next.close();
        }
    }

    private boolean isThere(AttachPoint point) {
        return network.interfaceNamed(point.interfaceName())
                .filter(found -> found.index() == point.ifindex())
                .isPresent();
    }

    void detachAll() {
        all().forEach(point -> remove(point, AttachPoint::detach));
    }

    void releaseAll() {
        all().forEach(AttachPoint::release);
        points.clear();
    }

    private void attach(Pipeline pipeline, Interface found) {
        Set<String> failed = new HashSet<>();
        for (boolean egress : new boolean[] {false, true}) {
            if (points.containsKey(key(found.name(), egress))) {
                continue;
            }
            try {
                AttachPoint point = attacher.attach(pipeline, found.name(), found.index(), egress);
                points.put(key(found.name(), egress), point);
                attached.accept(point);
                LOG.info("attached {} by {}", point, point.mode());
            } catch (RuntimeException e) {
                failed.add(found.name());
                LOG.error("attaching {} {} failed: {}", found.name(), AttachPoint.hook(egress), e.getMessage(), e);
            }
        }
        if (failed.isEmpty()) {
            waiting.remove(found.name());
        } else {
            waiting.addAll(failed);
        }
    }

    private void noteMissing(String name) {
        if (waiting.add(name)) {
            LOG.warn("interface {} does not exist; Manx attaches when it comes", name);
        }
    }

    private void remove(AttachPoint point, Consumer<AttachPoint> how) {
        points.remove(key(point.interfaceName(), point.egress()));
        attacher.released(point);
        how.accept(point);
    }

    private static String key(String interfaceName, boolean egress) {
        return interfaceName + " " + AttachPoint.hook(egress);
    }
}
