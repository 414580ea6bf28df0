package io.manx.core;

import io.manx.api.stage.StageControl;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A stage somebody offers: what its {@code manx.stage} capability says, and where its object is.
 *
 * @param bundle symbolic name, the owner of its maps
 * @param bundleId tells two bundles of one name and version apart; the lower wins
 * @param after stages that must be there and come before
 * @param before stages that come after, where they are there
 * @param everyPacket whether it is in the established lane too
 * @param object the BPF object's bytes; throws where the bundle has none
 * @param needsControl it is not loaded before {@code control} gives one
 */
public record StageDescriptor(
        String name,
        String bundle,
        long bundleId,
        Version version,
        Hook hook,
        List<String> after,
        List<String> before,
        boolean everyPacket,
        ObjectSource object,
        boolean needsControl,
        Supplier<Optional<StageControl>> control) {

    /** Where a stage's BPF object is read. */
    @FunctionalInterface
    public interface ObjectSource {
        /** @throws java.io.IOException it can't be read; the message names what is missing, and in what */
        byte[] read() throws java.io.IOException;
    }

    public StageDescriptor {
        after = List.copyOf(after);
        before = List.copyOf(before);
    }

    /** The name of its program in C and in the kernel. */
    public String program() {
        return "manx_" + name.replace('-', '_');
    }

    @Override
    public String toString() {
        return name + " " + version + " (" + bundle + ")";
    }
}
