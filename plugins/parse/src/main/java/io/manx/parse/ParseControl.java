package io.manx.parse;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Gives the stage its settings, and has held fragments dropped whose datagram never begins. */
@Component(service = StageControl.class, property = StageControl.STAGE + "=parse", immediate = true)
public final class ParseControl implements StageControl {
    private StageContext context;
    private HeldSweeper sweeper;

    @Override
    public String stage() {
        return "parse";
    }

    @Override
    public synchronized void loaded(StageContext context) {
        stop();
        this.context = context;
        sweeper = new HeldSweeper(context);
    }

    @Override
    public synchronized void resources(Resources resources) {
        ParseSettings.of(resources.settings().parse()).writeTo(context);
    }

    @Deactivate
    @Override
    public synchronized void unloaded() {
        stop();
        context = null;
    }

    private void stop() {
        if (sweeper != null) {
            sweeper.close();
            sweeper = null;
        }
    }
}
