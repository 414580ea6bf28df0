package io.manx.shell;

import io.manx.api.report.Report;
import io.manx.core.view.DataPlane;
import io.manx.core.view.Deployment;
import java.util.List;

/** What the commands work on. */
public interface Services {
    /** @throws IllegalStateException Manx is still starting, or stopping */
    DataPlane dataPlane();

    /** @throws IllegalStateException Manx is still starting, or stopping */
    Deployment deployment();

    /** In the order of their names. */
    List<Report> reports();
}
