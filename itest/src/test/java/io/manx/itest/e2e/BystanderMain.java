package io.manx.itest.e2e;

import io.manx.libbpf.Attachment;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.Tcx;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Somebody else who attaches a program by tcx, behind those that are there, and goes: started in the network namespace of
 * the interface. Arguments: object, interface index, folder of a bpffs where the link and the map of counts are pinned.
 */
final class BystanderMain {
    private BystanderMain() {}

    public static void main(String[] arguments) throws Exception {
        Path object = Path.of(arguments[0]);
        Path pins = Path.of(arguments[2]);
        try (BpfObject loaded = ObjectSpec.parse("bystander.bpf.o", Files.readAllBytes(object)).load(new LoadOptions());
                Attachment link = Tcx.attach(loaded.program("bystander"), Integer.parseInt(arguments[1]), false)) {
            link.pin(pins.resolve("link"));
            loaded.map("seen").pin(pins.resolve("seen"));
        }
    }
}
