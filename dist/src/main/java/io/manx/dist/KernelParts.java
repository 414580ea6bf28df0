package io.manx.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which modules the kernel has: loaded, built in, or on disk to be loaded. */
final class KernelParts {
    /** A function that only the module has: it tells of one that is built in where no list of modules is installed. */
    private static final Map<String, String> FUNCTION = Map.of("sch_ingress", "clsact_init", "cls_bpf", "cls_bpf_init");

    private KernelParts() {}

    /** @param module {@code sch_ingress} or {@code cls_bpf} */
    static boolean has(String module) {
        Path modules = Path.of("/lib/modules", System.getProperty("os.version"));
        Pattern file = Pattern.compile("/" + module + "\\.ko\\b");
        return Files.exists(Path.of("/sys/module", module))
                || contains(modules.resolve("modules.builtin"), file)
                || contains(modules.resolve("modules.dep"), file)
                || contains(Path.of("/proc/kallsyms"), Pattern.compile(" " + FUNCTION.get(module) + "\\b"));
    }

    private static boolean contains(Path file, Pattern wanted) {
        if (!Files.isReadable(file)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.anyMatch(line -> wanted.matcher(line).find());
        } catch (IOException e) {
            throw new UncheckedIOException("looking for parts of the kernel in " + file, e);
        }
    }
}
