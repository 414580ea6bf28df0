package io.manx.core;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelNetwork;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which interfaces a hook's packets are taken from: follows what the user wants and what the kernel has. */
final class AttachPoints {
    private static final Logger LOG = LoggerFactory.getLogger(AttachPoints.class);

    private final Attacher attacher;
    private final Hook hook;
    private final KernelNetwork network;
    private final Map<String, AttachPoint> points = new LinkedHashMap<>();
    private final Set<String> waiting = new TreeSet<>();
    private final Set<String> failures = new TreeSet<>();
    private Set<String> wanted = Set.of();
    private Consumer<AttachPoint> attached = point -> {};

    AttachPoints(Attacher attacher, Hook hook, KernelNetwork network) {
        this.attacher = attacher;
        this.hook = hook;
        this.network = network;
    }

    /** Called for each new attach point, right after it is there. */
    void onAttach(Consumer<AttachPoint> listener) {
        attached = listener;
    }

    void want(Set<String> interfaces) {
        wanted = Set.copyOf(interfaces);
    }

    Set<String> wanted() {
        return wanted;
    }

    List<AttachPoint> all() {
        return points.values().stream()
                .sorted(Comparator.comparing(AttachPoint::interfaceName).thenComparing(AttachPoint::place))
                .toList();
    }

    /** Interfaces that are wanted and not there. */
    Set<String> waiting() {
        return Set.copyOf(waiting);
    }

    /**
     * Attaches where an interface is wanted and there, lets go where it is not.
     *
     * @param there every interface, by name
     */
    void follow(Composition composition, Map<String, Interface> there) {
        List<AttachPoint> unwanted = new ArrayList<>();
        for (AttachPoint point : List.copyOf(points.values())) {
            Interface found = there.get(point.interfaceName());
            if (found == null || found.index() != point.ifindex()) {
                LOG.warn("interface {} is gone; Manx attaches when it comes back", point.interfaceName());
                remove(point, AttachPoint::forget);
            } else if (!wanted.contains(point.interfaceName())) {
                unwanted.add(point);
            } else {
                forgetIfDetached(point);
            }
        }
        failures.clear();
        waiting.removeIf(name -> !wanted.contains(name));
        List<Interface> fresh = new ArrayList<>();
        for (String name : new TreeSet<>(wanted)) {
            Optional.ofNullable(there.get(name)).filter(this::lacksAPoint).ifPresent(fresh::add);
            if (!there.containsKey(name)) {
                noteMissing(name);
            }
        }
        if (!unwanted.isEmpty() || !fresh.isEmpty()) {
            ShortGracePeriods.during(() -> {
                unwanted.forEach(this::detachUnwanted);
                fresh.forEach(found -> attach(composition.of(found.name()), found));
            });
        }
    }

    /** Attaches anew where somebody else has taken ours off, of interfaces that are there. */
    void restore(Composition composition) {
        Set<String> detached = new TreeSet<>();
        for (AttachPoint point : List.copyOf(points.values())) {
            if (forgetIfDetached(point)) {
                detached.add(point.interfaceName());
            }
        }
        if (!detached.isEmpty()) {
            ShortGracePeriods.during(() -> detached.forEach(name ->
                    network.interfaceNamed(name).ifPresent(found -> attach(composition.of(name), found))));
        }
    }

    private boolean forgetIfDetached(AttachPoint point) {
        if (point.isAttached() || !isThere(point)) {
            return false;
        }
        LOG.warn("interface {}: somebody has taken Manx's program off {} ({}); packets passed unseen; attaching anew",
                point.interfaceName(), point.place().text(), Fastener.whoDetaches(point.mode()));
        remove(point, AttachPoint::forget);
        return true;
    }

    private boolean lacksAPoint(Interface found) {
        return Place.of(hook).stream().anyMatch(place -> !points.containsKey(key(found.name(), place)));
    }

    private void detachUnwanted(AttachPoint point) {
        LOG.info("detaching {}: nothing wants it any more", point);
        remove(point, AttachPoint::detach);
    }

    /** The attach points that an earlier run has left: interfaces by row. */
    Map<Integer, String> earlier() {
        return attacher.earlier();
    }

    /** At the first composition: what an earlier run left attached and nobody wants now. */
    void removeStale() {
        ShortGracePeriods.during(() -> attacher.removeStale(points.values(), network));
    }

    private boolean isThere(AttachPoint point) {
        return network.interfaceNamed(point.interfaceName())
                .filter(found -> found.index() == point.ifindex())
                .isPresent();
    }

    void detachAll() {
        ShortGracePeriods.during(() -> all().forEach(point -> remove(point, AttachPoint::detach)));
    }

    void releaseAll() {
        all().forEach(AttachPoint::release);
        points.clear();
    }

    private void attach(Pipeline pipeline, Interface found) {
        Set<String> failed = new HashSet<>();
        for (Place place : Place.of(hook)) {
            if (points.containsKey(key(found.name(), place))) {
                continue;
            }
            try {
                AttachPoint point = attacher.attach(pipeline, found.name(), found.index(), place);
                points.put(key(found.name(), place), point);
                attached.accept(point);
                LOG.info("attached {} by {}", point, point.mode());
            } catch (RuntimeException e) {
                failed.add(found.name());
                failures.add("attaching " + found.name() + " " + place.text() + " failed: " + e.getMessage());
                LOG.error("attaching {} {} failed: {}", found.name(), place.text(), e.getMessage(), e);
            }
        }
        if (failed.isEmpty()) {
            waiting.remove(found.name());
        } else {
            waiting.addAll(failed);
        }
    }

    /** Attachments that failed when they were last tried, each in a line. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Whether {@link #follow} would find an interface that is new. */
    boolean wouldAttach(Set<String> interfaces, Map<String, Interface> there) {
        Set<Integer> known = new HashSet<>();
        points.values().forEach(point -> known.add(point.ifindex()));
        return interfaces.stream()
                .map(there::get)
                .filter(Objects::nonNull)
                .anyMatch(found -> !known.contains(found.index()));
    }

    private void noteMissing(String name) {
        if (waiting.add(name)) {
            LOG.warn("interface {} does not exist; Manx attaches when it comes", name);
        }
    }

    private void remove(AttachPoint point, Consumer<AttachPoint> how) {
        points.remove(key(point.interfaceName(), point.place()));
        attacher.released(point);
        how.accept(point);
    }

    private static String key(String interfaceName, Place place) {
        return interfaceName + " " + place.text();
    }
}
