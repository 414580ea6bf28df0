package io.manx.core;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import java.util.function.Supplier;

/** The control of gamma, which fails where it is given something to fail with; null where it does not. */
record FailingControl(Supplier<Throwable> atLoaded, Supplier<Throwable> atResources, Supplier<Throwable> atEnd)
        implements StageControl {
    @Override
    public String stage() {
        return "gamma";
    }

    @Override
    public void loaded(StageContext context) throws Exception {
        fail(atLoaded);
    }

    @Override
    public void resources(Resources resources) throws Exception {
        fail(atResources);
    }

    @Override
    public void unloaded() {
        try {
            fail(atEnd);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fail(Supplier<Throwable> with) throws Exception {
        if (with != null) {
            Throwable thrown = with.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (Exception) thrown;
        }
    }
}
