package io.manx.conntrack;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Gives the stage its timeouts, and has silent flows taken out while it is loaded. */
@Component(
        service = {StageControl.class, ConntrackControl.class},
        property = StageControl.STAGE + "=conntrack",
        immediate = true)
public final class ConntrackControl implements StageControl {
    private volatile StageContext context;
    private Sweeper sweeper;

    @Override
    public String stage() {
        return "conntrack";
    }

    @Override
    public synchronized void loaded(StageContext context) {
        stop();
        Config.defaults(context).writeTo(context);
        this.context = context;
        sweeper = new Sweeper(context);
    }

    @Override
    public synchronized void resources(Resources resources) {
        Config wanted = Config.of(resources, context);
        wanted.check();
        wanted.writeTo(context);
    }

    /** Tables of both IP versions have as many. */
    @Override
    public Map<String, Integer> mapEntries(Resources resources) {
        Map<String, Integer> entries = new TreeMap<>();
        resources.felixConfiguration().bpfMapSizeConntrack().ifPresent(flows -> {
            entries.put("manx_flows4", flows);
            entries.put("manx_flows6", flows);
        });
        resources.settings().conntrack().maxYoungFlows().ifPresent(flows -> {
            entries.put("manx_young4", flows);
            entries.put("manx_young6", flows);
        });
        return entries;
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

    /** The flows as they are now; empty while no packet can reach the stage. */
    Optional<FlowTable> flows() {
        return Optional.ofNullable(context).map(FlowTable::new);
    }
}
