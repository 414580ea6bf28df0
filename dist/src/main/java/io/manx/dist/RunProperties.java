package io.manx.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.Constants;

/** What the bundles get to know of the command line: framework properties. */
final class RunProperties {
    /** FileInstall takes a file that looks the same twice. */
    private static final String DEPLOY_POLL_MILLIS = "100";

    private RunProperties() {}

    static Map<String, String> of(RunCommand run, Path state) throws IOException {
        Path deploy = absolute(run.deploy == null ? state.resolve("deploy") : run.deploy);
        Files.createDirectories(deploy);

        Map<String, String> properties = new HashMap<>();
        properties.put("manx.deploy", deploy.toString());
        properties.put("manx.interfaces", String.join(",", run.interfaces));
        properties.put("manx.state", state.toString());
        properties.put("manx.socket", absolute(run.socket).toString());
        properties.put("manx.onExit", run.onExit.name());
        if (run.config != null) {
            properties.put("manx.config", absolute(run.config).toString());
        }
        if (run.attach != null) {
            properties.put("manx.attach", run.attach.name());
        }
        if (run.netns != null) {
            properties.put("manx.netns", run.netns);
        }
        properties.putAll(framework(state));
        properties.putAll(deployFolder(deploy, state));
        return properties;
    }

    private static Map<String, String> framework(Path state) {
        return Map.of(
                Constants.FRAMEWORK_STORAGE, state.resolve("bundles").toString(),
                Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                "org.ops4j.pax.logging.property.file", Places.home().resolve("etc/logback.xml").toString(),
                "org.ops4j.pax.logging.DefaultServiceLog.level", "WARN",
                "felix.log.level", "0",
                "gosh.args", "--nointeractive --noshutdown --quiet");
    }

    private static Map<String, String> deployFolder(Path deploy, Path state) {
        return Map.of(
                "felix.fileinstall.dir", deploy.toString(),
                "felix.fileinstall.poll", DEPLOY_POLL_MILLIS,
                "felix.fileinstall.noInitialDelay", "true",
                "felix.fileinstall.tmpdir", state.resolve("tmp").toString(),
                "felix.fileinstall.filter", ".*\\.jar",
                "felix.fileinstall.enableConfigSave", "false",
                "felix.fileinstall.log.level", "2");
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
