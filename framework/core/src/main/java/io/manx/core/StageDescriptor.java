package io.manx.core;

import io.manx.api.stage.StageControl;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A stage somebody offers: what its {@code manx.stage} capability says, and where its object is.
 *
 * @param bundle symbolic name, the owner of its maps
 * @param bundleId tells two bundles of one name and version apart; the lower wins
 * @param after stages that must be there and come before
 * @param before stages that come after, where they are there
 * @param packets which it is there for: by them it is in a lane or not
 * @param object the BPF object's bytes; throws where the bundle has none
 * @param needsControl it is not loaded before {@code control} gives one
 * @param migrate {@link Migrate#CONTROL} only where it needs its control
 * @param standsFor stages whose work it does itself on some packets, in their order, each with the SHA-256 of its object
 *     in hex: packets go through it only where {@link StandIn} allows it
 */
public record StageDescriptor(
        String name,
        String bundle,
        long bundleId,
        Version version,
        Hook hook,
        List<String> after,
        List<String> before,
        WhichPackets packets,
        ObjectSource object,
        boolean needsControl,
        Supplier<Optional<StageControl>> control,
        Migrate migrate,
        Map<String, String> standsFor) {

    /** How maps that an earlier version has left in another layout are taken over. */
    public enum Migrate {
        NONE,
        /** Members go to members of the same name and type. */
        BY_NAME,
        /** As the control says. */
        CONTROL;

        /** @param text {@code by-name} or {@code control}. @throws IllegalArgumentException it is neither */
        public static Migrate parse(String text) {
            return switch (text) {
                case "by-name" -> BY_NAME;
                case "control" -> CONTROL;
                default -> throw new IllegalArgumentException("migrate=" + text + " (expected by-name or control)");
            };
        }
    }

    /** Where a stage's BPF object is read. */
    @FunctionalInterface
    public interface ObjectSource {
        /** @throws java.io.IOException it can't be read; the message names what is missing, and in what */
        byte[] read() throws java.io.IOException;
    }

    public StageDescriptor {
        after = List.copyOf(after);
        before = List.copyOf(before);
        standsFor = Collections.unmodifiableMap(new LinkedHashMap<>(standsFor));
        if (migrate == Migrate.CONTROL && !needsControl) {
            throw new IllegalArgumentException("migrate=control without control=true: there would be nobody to ask");
        }
    }

    /** One that has no migration, and stands for itself alone. */
    public StageDescriptor(
            String name,
            String bundle,
            long bundleId,
            Version version,
            Hook hook,
            List<String> after,
            List<String> before,
            WhichPackets packets,
            ObjectSource object,
            boolean needsControl,
            Supplier<Optional<StageControl>> control) {
        this(
                name, bundle, bundleId, version, hook, after, before, packets, object, needsControl, control,
                Migrate.NONE, Map.of());
    }

    /** The same stage with another way to take over maps. */
    public StageDescriptor migrating(Migrate how) {
        return new StageDescriptor(
                name, bundle, bundleId, version, hook, after, before, packets, object, needsControl, control, how,
                standsFor);
    }

    /** The same stage, standing for these. @param stages as {@link #standsFor} */
    public StageDescriptor standingFor(Map<String, String> stages) {
        return new StageDescriptor(
                name, bundle, bundleId, version, hook, after, before, packets, object, needsControl, control, migrate,
                stages);
    }

    /** Whether it decides nothing of its own: without it packets meet the same. */
    public boolean isStandIn() {
        return !standsFor.isEmpty();
    }

    /** The name of its program in C and in the kernel. */
    public String program() {
        return "manx_" + name.replace('-', '_');
    }

    /** For those who have to do something about it: {@code nat (bundle io.manx.nat)}. */
    String who() {
        return name + " (bundle " + bundle + ")";
    }

    @Override
    public String toString() {
        return name + " " + version + " (" + bundle + ")";
    }
}
