package io.manx.nat;

import io.manx.api.resource.Resources;
import io.manx.api.resource.Service;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import org.osgi.service.component.annotations.Component;

/**
 * Keeps the stage {@code nat} out of the packets' way until there is a first service.
 *
 * <p>From then on it stays, also when the last service goes: flows that are still translated, or packets between the two
 * stages at that moment, would leave with half a translation.
 */
@Component(service = StageControl.class, property = StageControl.STAGE + "=nat", immediate = true)
public final class NatControl implements StageControl {
    private StageContext context;
    private boolean needed;

    @Override
    public String stage() {
        return "nat";
    }

    @Override
    public void loaded(StageContext context) {
        this.context = context;
        needed = !new ServiceTables(context).isEmpty() || new FlowSweep(context).findsTranslated();
    }

    @Override
    public void resources(Resources resources) {
        needed |= resources.services().stream().anyMatch(NatControl::hasFrontend);
        context.idle(!needed);
    }

    private static boolean hasFrontend(Service service) {
        return !service.addresses().isEmpty() && !service.ports().isEmpty();
    }
}
