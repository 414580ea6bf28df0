package io.manx.shell.command;

import io.manx.core.view.DataPlane;
import picocli.CommandLine.IVersionProvider;

/** The version of the commands, which is the version of Manx. */
public final class ManxVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = DataPlane.class.getPackage().getImplementationVersion();
        return new String[] {"Manx " + (version == null ? "1.0.0" : version)};
    }
}
