package io.manx.itest.e2e;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;

/** The control of a version of guard that takes the resources it begins with, and refuses all that come later. */
public final class ChoosyControl implements StageControl {
    private boolean begun;

    @Override
    public String stage() {
        return "guard";
    }

    @Override
    public void loaded(StageContext context) {
        begun = false;
    }

    @Override
    public void resources(Resources resources) {
        if (begun) {
            throw new IllegalStateException("one set of resources is enough");
        }
        begun = true;
    }
}
