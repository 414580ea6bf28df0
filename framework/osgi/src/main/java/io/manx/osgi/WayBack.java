package io.manx.osgi;

import io.manx.core.ProbationEnd;
import io.manx.core.Probations;
import io.manx.core.view.Deployment.RefusedException;
import io.manx.core.view.Probation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From an update on probation to the version before it. */
final class WayBack {
    /** Puts a jar's content in a bundle's place, and that in the pipeline. */
    @FunctionalInterface
    interface Replacement {
        /** @param why for the record of changes */
        void replace(Bundle bundle, Path jar, String why) throws RefusedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(WayBack.class);

    private final Object lock;
    private final Probations probations;
    private final KeptVersions kept;
    private final Replacement replacement;
    private final Consumer<Bundle> stays;
    private final Supplier<Optional<String>> afterReturn;

    /**
     * @param lock held by whoever changes bundles by command
     * @param stays hears of a bundle whose update has stood its probation
     * @param afterReturn called once a version before runs again; gives what is to be said of it besides
     */
    WayBack(
            Object lock,
            Probations probations,
            KeptVersions kept,
            Replacement replacement,
            Consumer<Bundle> stays,
            Supplier<Optional<String>> afterReturn) {
        this.lock = lock;
        this.probations = probations;
        this.kept = kept;
        this.replacement = replacement;
        this.stays = stays;
        this.afterReturn = afterReturn;
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
        forgetUnlessRunning(bundle);
    }

    /** The update is in force. */
    void watch(Bundle bundle, Probation terms) {
        probations.begin(bundle.getSymbolicName(), bundle.getVersion().toString(), terms, new End(bundle));
    }

    /** The bundle has changed by command: whatever was said of it is of no use now. */
    void close(Bundle bundle) {
        probations.end(bundle.getSymbolicName());
        kept.forget(bundle);
    }

    /** What a bundle's probation leads to. The lock keeps the user's own changes away. */
    private final class End implements ProbationEnd {
        private final Bundle bundle;

        End(Bundle bundle) {
            this.bundle = bundle;
        }

        @Override
        public void failed(String why) {
            boolean back;
            synchronized (lock) {
                back = probations.goBack(bundle.getSymbolicName(), () -> takeBack(bundle, why));
            }
            if (back) {
                tellOf(bundle);
            }
        }

        @Override
        public void stood() {
            synchronized (lock) {
                probations.stay(bundle.getSymbolicName(), () -> {
                    stays.accept(bundle);
                    kept.forget(bundle);
                });
            }
        }

        @Override
        public void replaced() {
            synchronized (lock) {
                forgetUnlessRunning(bundle);
            }
        }
    }

    private void takeBack(Bundle bundle, String why) throws RefusedException {
        try {
            replacement.replace(bundle, kept.of(bundle), why);
        } finally {
            kept.forget(bundle);
        }
    }

    /** The version before runs, whatever comes of this. */
    private void tellOf(Bundle bundle) {
        try {
            afterReturn.get().ifPresent(more -> probations.remark(bundle.getSymbolicName(), more));
        } catch (RuntimeException | LinkageError e) {
            LOG.error("bundle {} is back to the version before, but the resources refused meanwhile were not offered to it: {};"
                    + " save them again", bundle.getSymbolicName(), e.toString(), e);
        }
    }

    private void forgetUnlessRunning(Bundle bundle) {
        if (!probations.isRunning(bundle.getSymbolicName())) {
            kept.forget(bundle);
        }
    }
}
