package io.manx.nat;

import io.manx.api.layout.Addresses;
import io.manx.api.report.Report;
import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fills the tables of the stage {@code service} from Services and EndpointSlices, and shows what is in force. */
@Component(
        service = {StageControl.class, Report.class},
        property = StageControl.STAGE + "=service",
        immediate = true)
public final class ServiceControl implements StageControl, Report {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceControl.class);

    private StageContext context;
    private ServiceTables tables;
    private boolean settled;
    private volatile Catalogue inForce = Catalogue.NONE;

    @Override
    public String stage() {
        return "service";
    }

    @Override
    public void loaded(StageContext context) {
        this.context = context;
        tables = new ServiceTables(context);
        settled = false;
    }

    @Override
    public void resources(Resources resources) {
        Catalogue wanted = Catalogue.of(resources);
        tables.hold(wanted.ready());
        if (!settled || wanted.unsettles(inForce)) {
            endFlows(wanted);
        }
        settled = true;
        inForce = wanted;
        context.idle(wanted.isEmpty());
    }

    /** The services are in force by now: flows that can't be ended are worth a warning, and no more. */
    private void endFlows(Catalogue services) {
        try {
            int ended = new FlowSweep(context).endThoseWithoutPlaceIn(services);
            if (ended > 0) {
                LOG.info("services changed: ended {} flow entries, of backends that are gone and new frontends", ended);
            }
        } catch (RuntimeException e) {
            settled = false;
            LOG.warn("services changed, but flows to backends that are gone could not be ended; they end by themselves"
                    + " once they are silent", e);
        }
    }

    @Override
    public void unloaded() {
        inForce = Catalogue.NONE;
    }

    @Override
    public String name() {
        return "services";
    }

    @Override
    public String description() {
        return "service addresses and the backends behind them";
    }

    @Override
    public Stream<ServiceRow> rows(Map<String, String> filters) {
        return inForce.ports().stream().map(ServiceControl::row);
    }

    private static ServiceRow row(ServedPort port) {
        Frontend frontend = port.frontend();
        return new ServiceRow(
                port.service(),
                Addresses.text(frontend.address()),
                frontend.port(),
                frontend.protocolName(),
                port.listed().stream().map(Backend::toString).toList(),
                port.ready().size());
    }
}
