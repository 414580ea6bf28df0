package io.manx.osgi;

import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.bundle.CollisionHook;

/**
 * Lets a jar be tried beside the bundle that it is to replace, also where both have one symbolic name and version, as a
 * snapshot has that was built again. The framework refuses all other bundles of one name and version.
 */
final class TrialCollisions implements CollisionHook {
    private final ThreadLocal<Boolean> trying = ThreadLocal.withInitial(() -> false);

    /** Installs a bundle. */
    @FunctionalInterface
    interface Installation<E extends Exception> {
        Bundle install() throws E;
    }

    /** By this thread, which the framework calls back in the meantime. */
    <E extends Exception> Bundle install(Installation<E> trial) throws E {
        trying.set(true);
        try {
            return trial.install();
        } finally {
            trying.remove();
        }
    }

    @Override
    public void filterCollisions(int operation, Bundle target, Collection<Bundle> collisions) {
        if (trying.get()) {
            collisions.clear();
        }
    }
}
