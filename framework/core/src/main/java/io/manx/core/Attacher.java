package io.manx.core;

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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attaches a hook's entry programs: takes over the pinned link of an earlier run without a gap, else makes one. */
final class Attacher {
    private static final Logger LOG = LoggerFactory.getLogger(Attacher.class);

    private final EntryPrograms entries;
    private final Fastener fastener;
    private final Path links;
    private final Rows rows;

    /** What an earlier run left pinned, until it is taken over or taken away. */
    private final List<LinkPin> earlier;

    Attacher(EntryPrograms entries, Fastener fastener, Path links, Rows rows) {
        this.entries = entries;
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
        Optional<LinkPin> pinned = fastener.adopts() ? pinOf(interfaceName, place) : Optional.empty();
        int row = pinned.map(LinkPin::row).orElseGet(rows::take);
        try {
            BpfObject entry = entries.loadEntry(pipeline.array(), ifindex, row, place);
            try {
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

    void released(AttachPoint point) {
        rows.free(point.row());
    }

    /**
     * Detaches what an earlier run left that is none of these: its prog array is about to go, and its packets with it.
     *
     * @param points everything that is attached now
     */
    void removeStale(Collection<AttachPoint> points) {
        points.forEach(fastener::removeOthersOfOurs);
        earlier.forEach(pin -> {
            LOG.info("detaching {} {}, which an earlier run left attached", pin.interfaceName(), pin.how());
            rows.free(pin.row());
            MapStore.unpin(pin.path());
        });
        earlier.clear();
    }

    private Optional<AttachPoint> takeOver(LinkPin pin, int ifindex, Place place, BpfObject entry) {
        Fastened link = fastener.open(pin);
        if (link.attachment().ifindex() != ifindex) {
            link.attachment().close();
            MapStore.unpin(pin.path());
            return Optional.empty();
        }
        try {
            link.attachment().update(entry.program(EntryPrograms.PROGRAM));
        } catch (RuntimeException e) {
            link.attachment().close();
            throw e;
        }
        return Optional.of(new AttachPoint(
                pin.interfaceName(), ifindex, place, pin.row(), link, Optional.of(pin.path()), entry));
    }

    private AttachPoint attachNew(String interfaceName, int ifindex, Place place, int row, BpfObject entry) {
        Fastened fastened =
                fastener.fasten(entry.program(EntryPrograms.PROGRAM), interfaceName, ifindex, place);
        Optional<Path> pin = fastened.pinnable()
                ? Optional.of(LinkPin.of(links, row, interfaceName, fastener.pinWord(place, fastened)).path())
                : Optional.empty();
        pin.ifPresent(path -> pin(fastened, path, interfaceName));
        return new AttachPoint(interfaceName, ifindex, place, row, fastened, pin, entry);
    }

    private void pin(Fastened link, Path pin, String interfaceName) {
        try {
            Files.createDirectories(links);
            link.attachment().pin(pin);
        } catch (IOException e) {
            undo(link);
            throw new UncheckedIOException("making " + links + " for the link of " + interfaceName, e);
        } catch (RuntimeException e) {
            undo(link);
            throw e;
        }
    }

    private static void undo(Fastened link) {
        link.attachment().detach();
        link.attachment().close();
    }

    private Optional<LinkPin> pinOf(String interfaceName, Place place) {
        return earlier.stream()
                .filter(pin -> pin.interfaceName().equals(interfaceName) && pin.isAt(place))
                .findFirst();
    }
}
