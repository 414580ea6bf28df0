package io.manx.routes;

import io.manx.api.resource.Resources;
import io.manx.api.resource.WorkloadEndpoint;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;

/** Tells the stage forward the Ethernet addresses of workloads, as far as their endpoints name them. */
@Component(service = StageControl.class, property = StageControl.STAGE + "=forward")
public final class ForwardControl implements StageControl {
    private volatile StageContext context;
    private volatile MacTable table;
    private volatile Map<String, byte[]> peerMacs = Map.of();
    private Follower follower;

    @Override
    public String stage() {
        return "forward";
    }

    @Override
    public void loaded(StageContext loaded) {
        context = loaded;
        table = new MacTable(loaded);
    }

    @Override
    public void resources(Resources resources) {
        peerMacs = resources.workloadEndpoints().stream()
                .filter(endpoint -> endpoint.mac().isPresent())
                .collect(Collectors.toMap(
                        WorkloadEndpoint::interfaceName, endpoint -> endpoint.mac().get(), (first, second) -> first));
        if (follower == null) {
            follower = Follower.start(context.network(), "the table of workloads' Ethernet addresses", this::copyMacs);
        } else {
            follower.now();
        }
    }

    @Override
    public void unloaded() {
        if (follower != null) {
            follower.close();
            follower = null;
        }
        table = null;
        context = null;
    }

    private void copyMacs() {
        table.replaceWith(context.network().interfaces(), peerMacs);
    }
}
