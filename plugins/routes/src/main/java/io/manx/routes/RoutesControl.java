package io.manx.routes;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelNetwork;
import io.manx.api.report.Report;
import io.manx.api.resource.Endpoint;
import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;

/** Keeps the route table equal to the kernel's routes, and shows it. */
@Component(
        service = {StageControl.class, Report.class},
        property = StageControl.STAGE + "=routes")
public final class RoutesControl implements StageControl, Report {
    private static final Filter LIMIT = new Filter("limit", "N", "show the first N routes");

    private volatile StageContext context;
    private volatile RouteTable table;
    private volatile Set<String> workloads = Set.of();
    private Follower follower;

    @Override
    public String stage() {
        return "routes";
    }

    @Override
    public void loaded(StageContext loaded) {
        context = loaded;
        table = new RouteTable(loaded);
    }

    @Override
    public void resources(Resources resources) {
        workloads = resources.workloadEndpoints().stream()
                .map(Endpoint::interfaceName)
                .collect(Collectors.toUnmodifiableSet());
        if (follower == null) {
            follower = Follower.start(context.network(), "the route table", this::copyRoutes);
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

    private void copyRoutes() {
        KernelNetwork network = context.network();
        List<RouteEntry> wanted = EffectiveRoutes.of(network.routes(), network.interfaces(), workloads);
        boolean changed = true;
        try {
            changed = table.replaceWith(wanted);
        } finally {
            /* After a failure too: some of it may have been written, and the next change would find it no different. */
            if (changed) {
                context.rejudge();
            }
        }
    }

    @Override
    public String name() {
        return "routes";
    }

    @Override
    public String description() {
        return "the route table, as copied from the kernel";
    }

    @Override
    public List<Filter> filters() {
        return List.of(LIMIT);
    }

    @Override
    public Stream<RouteRow> rows(Map<String, String> filters) {
        long limit = limit(filters.get(LIMIT.name()));
        StageContext from = context;
        RouteTable shown = table;
        if (from == null || shown == null) {
            return Stream.empty();
        }
        Map<Integer, String> names = from.network().interfaces().stream()
                .collect(Collectors.toMap(Interface::index, Interface::name, (first, second) -> second));
        return shown.entries().stream().limit(limit).map(entry -> RouteRow.of(entry, names));
    }

    private static long limit(String given) {
        if (given == null) {
            return Long.MAX_VALUE;
        }
        if (!given.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("limit: expected a number of routes such as 100, not '" + given + "'");
        }
        return Long.parseLong(given);
    }
}
