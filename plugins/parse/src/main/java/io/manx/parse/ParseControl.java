package io.manx.parse;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import io.manx.api.stage.Upkeep;
import java.time.Duration;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the stage its settings, and has held fragments dropped whose datagram never begins. */
@Component(service = StageControl.class, property = StageControl.STAGE + "=parse", immediate = true)
public final class ParseControl implements StageControl {
    private static final Logger LOG = LoggerFactory.getLogger(ParseControl.class);
    private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(5);

    private StageContext context;
    private Upkeep sweeps;

    @Override
    public String stage() {
        return "parse";
    }

    @Override
    public synchronized void loaded(StageContext context) {
        stop();
        this.context = context;
        /* Fragments that come later throw those that stay out all the same. */
        sweeps = new Upkeep(
                "manx-parse-sweep",
                BETWEEN_SWEEPS,
                upkeep -> context.run("parse_expire"),
                "held fragments whose datagram never began could not be taken out, and are counted as dropped only"
                        + " when others need their place; trying on",
                LOG::warn);
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
        if (sweeps != null) {
            sweeps.close();
            sweeps = null;
        }
    }
}
