package io.manx.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The pin of an attachment: {@code 3+eth0+ingress}, {@code 4+eth0+xdp-generic}. A filter by clsact stays without one; there
 * it is the entry program's, {@code 3+eth0+ingress-clsact}, and tells which row is the attach point's.
 *
 * @param row of the attach point in manx_ends
 * @param how the place, and for xdp the mode
 */
record LinkPin(Path path, int row, String interfaceName, String how) {
    /** Ends the last part of an entry program's pin. */
    static final String CLSACT = "-clsact";

    private static final String SEPARATOR = "+";

    static LinkPin of(Path folder, int row, String interfaceName, String how) {
        String name = String.join(SEPARATOR, Integer.toString(row), PinRoot.encode(interfaceName), how);
        return new LinkPin(folder.resolve(name), row, interfaceName, how);
    }

    /** Those in a folder that need not exist. */
    static List<LinkPin> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(LinkPin::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing the pinned links in " + folder, e);
        }
    }

    private static LinkPin parse(Path path) {
        String name = path.getFileName().toString();
        int first = name.indexOf(SEPARATOR);
        int last = name.lastIndexOf(SEPARATOR);
        return new LinkPin(
                path,
                Integer.parseInt(name.substring(0, first)),
                PinRoot.decode(name.substring(first + 1, last)),
                name.substring(last + 1));
    }

    /** Whether it is a program's and not a link's. */
    boolean isClsact() {
        return how.endsWith(CLSACT);
    }

    boolean isAt(Place place) {
        return how.startsWith(place.word());
    }
}
