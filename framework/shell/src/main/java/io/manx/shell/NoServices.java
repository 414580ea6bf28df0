package io.manx.shell;

import io.manx.api.report.Report;
import io.manx.core.view.DataPlane;
import io.manx.core.view.Deployment;
import java.util.List;

/**
 * Nothing runs: enough to know the commands and show their help.
 *
 * @param reports the bundles' commands that are known all the same
 */
public record NoServices(List<Report> reports) implements Services {
    public NoServices() {
        this(List.of());
    }

    @Override
    public DataPlane dataPlane() {
        throw new IllegalStateException("no Manx is running here");
    }

    @Override
    public Deployment deployment() {
        throw new IllegalStateException("no Manx is running here");
    }
}
