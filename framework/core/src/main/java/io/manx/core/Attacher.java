package io.manx.core;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelNetwork;
import io.manx.core.Fastener.Fastened;
import io.manx.libbpf.BpfException;
import io.manx.libbpf.BpfObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attaches a hook's entry programs: takes over the pinned link of an earlier run without a gap, else makes one. */
final class Attacher {
    private static final Logger LOG = LoggerFactory.getLogger(Attacher.class);

    private final EntryPrograms entries;
    private final Root root;
    private final Fastener fastener;
    private final Path links;
    private final Rows rows;

    /** What an earlier run left pinned, until it is taken over or taken away. */
    private final List<LinkPin> earlier;

    Attacher(EntryPrograms entries, Root root, Fastener fastener, Path links, Rows rows) {
        this.entries = entries;
        this.root = root;
        this.fastener = fastener;
        this.links = links;
        this.rows = rows;
        this.earlier = new ArrayList<>(LinkPin.in(links).stream()
                .filter(pin -> Place.of(entries.hook()).stream().anyMatch(pin::isAt))
                .toList());
        earlier.forEach(pin -> rows.reserve(pin.row()));
    }

    /** @throws BpfException the kernel refuses */
    AttachPoint attach(Pipeline pipeline, String interfaceName, int ifindex, Place place) {
        Optional<LinkPin> pinned = pinOf(interfaceName, place).filter(fastener::adopts);
        int row = pinned.map(LinkPin::row).orElseGet(rows::take);
        try {
            BpfObject entry = entries.loadEntry(root.map(), ifindex, row, place);
            try {
                root.begin(row, pipeline.first());
                AttachPoint point = pinned.flatMap(pin -> takeOver(pin, ifindex, place, entry))
                        .orElseGet(() -> attachNew(interfaceName, ifindex, place, row, entry));
                pinned.ifPresent(earlier::remove);
                return point;
            } catch (RuntimeException e) {
                entry.close();
                throw e;
            }
        } catch (RuntimeException e) {
            rows.free(row);
            throw e;
        }
    }

    Map<Integer, String> earlier() {
        return earlier.stream().collect(Collectors.toMap(LinkPin::row, LinkPin::interfaceName));
    }

    void released(AttachPoint point) {
        rows.free(point.row());
    }

    /**
     * Detaches what an earlier run left that is none of these: its row in the root array is about to go, and its packets
     * with it.
     *
     * @param points everything that is attached now
     */
    void removeStale(Collection<AttachPoint> points, KernelNetwork network) {
        points.forEach(fastener::removeOthersOfOurs);
        earlier.forEach(pin -> {
            LOG.info("detaching {} {}, which an earlier run left attached", pin.interfaceName(), pin.how());
            rows.free(pin.row());
            MapStore.unpin(pin.path());
            if (pin.isClsact() && points.stream().noneMatch(point -> isThere(point, pin))) {
                network.interfaceNamed(pin.interfaceName()).ifPresent(found -> detachFilter(pin, found));
            }
        });
        earlier.clear();
    }

    private static boolean isThere(AttachPoint point, LinkPin pin) {
        return point.interfaceName().equals(pin.interfaceName()) && pin.isAt(point.place());
    }

    private void detachFilter(LinkPin pin, Interface found) {
        fastener.open(pin, found.index()).ifPresent(filter -> {
            filter.attachment().detach();
            filter.attachment().close();
        });
    }

    private Optional<AttachPoint> takeOver(LinkPin pin, int ifindex, Place place, BpfObject entry) {
        Optional<Fastened> found = fastener.open(pin, ifindex);
        if (found.isEmpty()) {
            MapStore.unpin(pin.path());
            return Optional.empty();
        }
        Fastened fastened = found.get();
        try {
            fastened.attachment().update(entry.program(EntryPrograms.PROGRAM));
            if (pin.isClsact()) {
                MapStore.unpin(pin.path());
                entry.program(EntryPrograms.PROGRAM).pin(pin.path());
            }
        } catch (RuntimeException e) {
            fastened.attachment().close();
            throw e;
        }
        return Optional.of(new AttachPoint(pin.interfaceName(), ifindex, place, pin.row(), fastened, pin.path(), entry));
    }

    private AttachPoint attachNew(String interfaceName, int ifindex, Place place, int row, BpfObject entry) {
        Fastened fastened =
                fastener.fasten(entry.program(EntryPrograms.PROGRAM), interfaceName, ifindex, place);
        Path pin = LinkPin.of(links, row, interfaceName, fastener.pinWord(place, fastened)).path();
        try {
            Files.createDirectories(links);
            if (fastened.isLink()) {
                fastened.attachment().pin(pin);
            } else {
                entry.program(EntryPrograms.PROGRAM).pin(pin);
            }
        } catch (IOException e) {
            undo(fastened);
            throw new UncheckedIOException("making " + links + " for the pin of " + interfaceName, e);
        } catch (RuntimeException e) {
            undo(fastened);
            throw e;
        }
        return new AttachPoint(interfaceName, ifindex, place, row, fastened, pin, entry);
    }

    private static void undo(Fastened fastened) {
        fastened.attachment().detach();
        fastened.attachment().close();
    }

    private Optional<LinkPin> pinOf(String interfaceName, Place place) {
        return earlier.stream()
                .filter(pin -> pin.interfaceName().equals(interfaceName) && pin.isAt(place))
                .findFirst();
    }
}
