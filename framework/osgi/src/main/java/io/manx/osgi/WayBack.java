package io.manx.osgi;

import io.manx.core.Probations;
import io.manx.core.view.Deployment.RefusedException;
import io.manx.core.view.Probation;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;

/** From an update on probation to the version before it. */
final class WayBack {
    /** Puts a jar's content in a bundle's place, and that in the pipeline. */
    @FunctionalInterface
    interface Replacement {
        /** @param why for the record of changes */
        void replace(Bundle bundle, Path jar, String why) throws RefusedException;
    }

    private final Probations probations;
    private final KeptVersions kept;
    private final Replacement replacement;
    private final Consumer<Bundle> stood;

    /** @param stood hears of a bundle whose update has stood its probation */
    WayBack(Probations probations, KeptVersions kept, Replacement replacement, Consumer<Bundle> stood) {
        this.probations = probations;
        this.kept = kept;
        this.replacement = replacement;
        this.stood = stood;
    }

    /**
     * Before an update: keeps what runs. Where that is on probation itself, the version before it stays the one to go back to.
     *
     * @throws RefusedException it can't be kept
     */
    void open(Bundle bundle) throws RefusedException {
        if (!probations.isRunning(bundle.getSymbolicName())) {
            kept.keep(bundle);
        }
        probations.prepare(bundle.getSymbolicName(), bundle.getVersion().toString());
    }

    /** The update did not come about. */
    void abandon(Bundle bundle) {
        probations.abandon(bundle.getSymbolicName());
        if (!probations.isRunning(bundle.getSymbolicName())) {
            kept.forget(bundle);
        }
    }

    /** The update is in force. */
    void watch(Bundle bundle, Probation terms) {
        probations.begin(
                bundle.getSymbolicName(), bundle.getVersion().toString(), terms,
                why -> take(bundle, why), () -> stood.accept(bundle));
    }

    /** The bundle has changed by command: whatever was said of it is of no use now. */
    void close(Bundle bundle) {
        probations.end(bundle.getSymbolicName());
        kept.forget(bundle);
    }

    private void take(Bundle bundle, String why) {
        try {
            replacement.replace(bundle, kept.of(bundle), why);
        } catch (RefusedException | RuntimeException e) {
            probations.stuck(bundle.getSymbolicName(), e.getMessage());
        }
    }
}
