package io.manx.conntrack;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
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
    private Follow follow;

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

    /**
     * Those that are wanted of the flows, as they begin and end, until packets can't reach the stage any more; the caller closes it. Empty as they can't.
     *
     * @throws IllegalArgumentException somebody follows them already: an event is read once
     */
    synchronized Optional<Follow> follow(Predicate<Flow> wanted, LongSupplier monotonicNanos) {
        StageContext now = context;
        if (now == null) {
            return Optional.empty();
        }
        if (follow != null && follow.isOpen()) {
            throw new IllegalArgumentException("flows are followed already: expected nobody else to, until that ends");
        }
        follow = new Follow(now, wanted, () -> context == now, monotonicNanos);
        return Optional.of(follow);
    }

    /** The flows as they are now; empty while no packet can reach the stage. */
    Optional<FlowTable> flows() {
        return Optional.ofNullable(context).map(FlowTable::new);
    }
}
