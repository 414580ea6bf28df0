package io.manx.shell.server;

import io.manx.api.report.Report;
import io.manx.core.view.DataPlane;
import io.manx.core.view.Deployment;
import io.manx.shell.Services;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Brings the commands to the socket and to Gogo, on whatever services are there at the time of each command. */
@Component(immediate = true, service = {})
public final class ShellComponent implements Services {
    private static final String SOCKET = "manx.socket";

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile DataPlane dataPlane;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Deployment deployment;

    private final Reports reports = new Reports();
    private final GogoFunctions functions;
    private final SocketServer server;

    /** @throws IOException the socket of the framework property manx.socket could not be made */
    @Activate
    public ShellComponent(BundleContext context, @Reference CommandProcessor processor) throws IOException {
        functions = new GogoFunctions(context, this);
        String socket = context.getProperty(SOCKET);
        server = socket == null ? null : new SocketServer(Path.of(socket), this, processor);
    }

    @Deactivate
    void deactivate() throws IOException {
        functions.close();
        if (server != null) {
            server.close();
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addReport(Report report, ServiceReference<Report> reference) {
        if (reports.add(report, reference.getBundle().getVersion())) {
            functions.add(report.name());
        }
    }

    void removeReport(Report report) {
        if (reports.remove(report)) {
            functions.remove(report.name());
        }
    }

    @Override
    public DataPlane dataPlane() {
        return present(dataPlane);
    }

    @Override
    public Deployment deployment() {
        return present(deployment);
    }

    @Override
    public List<Report> reports() {
        return reports.all();
    }

    private static <T> T present(T service) {
        if (service == null) {
            throw new IllegalStateException("Manx is still starting, or just stopping: try again in a second");
        }
        return service;
    }
}
