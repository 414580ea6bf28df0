package io.manx.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The bpffs folder of one Manx, told apart by its state folder.
 *
 * <pre>
 *   /sys/fs/bpf/manx/ID/maps/NAME             framework maps: manx_flows4, ...
 *   /sys/fs/bpf/manx/ID/maps/BUNDLE+NAME      bundles' own
 *   /sys/fs/bpf/manx/ID/maps/BUNDLE+NAME~next the new layout of one, until packets have left the old
 *   /sys/fs/bpf/manx/ID/arrays/GENERATION     prog arrays on tc: emptied by the kernel without a pin
 *   /sys/fs/bpf/manx/ID/arrays-xdp/GENERATION prog arrays on xdp
 *   /sys/fs/bpf/manx/ID/roots/HOOK            what entries call: the first stage for each attach point
 *   /sys/fs/bpf/manx/ID/links/ROW+IF+HOW      attachments; for a filter by clsact its program
 * </pre>
 *
 * bpffs allows no dots in names; they become {@code :} here, which no interface name contains.
 */
public record PinRoot(Path path) {
    public static final Path BPFFS = Path.of("/sys/fs/bpf");

    /** @param state the state folder */
    public static PinRoot of(Path state) {
        String id = state.toAbsolutePath().normalize().toString().substring(1).replace('/', '-');
        return new PinRoot(BPFFS.resolve("manx").resolve(encode(id)));
    }

    public Path maps() {
        return path.resolve("maps");
    }

    public Path arrays(Hook hook) {
        return path.resolve(hook == Hook.TC ? "arrays" : "arrays-" + hook.text());
    }

    public Path root(Hook hook) {
        return path.resolve("roots").resolve(hook.text());
    }

    public Path links() {
        return path.resolve("links");
    }

    /** Takes every pin away, with its folder. */
    void remove() {
        if (!Files.isDirectory(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path pin : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(pin);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("removing the pins in " + path, e);
        }
    }

    public static String encode(String name) {
        return name.replace('.', ':');
    }

    public static String decode(String name) {
        return name.replace(':', '.');
    }
}
