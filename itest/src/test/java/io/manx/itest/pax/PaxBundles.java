package io.manx.itest.pax;

import static org.ops4j.pax.exam.CoreOptions.bootDelegationPackages;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import io.manx.itest.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;

/** The bundles that {@code manx run} starts, less the shell, and how Pax Exam starts them. */
final class PaxBundles {
    /** The framework's own: nothing is above it at first. */
    static final int LEVEL = 8;

    /** Of the bundles of the default stages. */
    static final int STAGES_LEVEL = 7;

    private static final List<String> FRAMEWORK = List.of(
            "pax-logging-api",
            "pax-logging-logback",
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.configadmin",
            "org.apache.felix.scr",
            "jna",
            "snakeyaml",
            "io.manx.api",
            "io.manx.libbpf",
            "io.manx.core",
            "io.manx.resources");

    private static final List<String> STAGES = List.of(
            "io.manx.fastpath", "io.manx.parse", "io.manx.conntrack", "io.manx.policy", "io.manx.nat", "io.manx.routes");

    /** On a machine with too much to do. */
    private static final String SERVICE_COMES_MILLIS = "120000";

    private PaxBundles() {}

    /**
     * @param state folder of the Manx
     * @param wire that it attaches to
     * @param level of the bundle that starts the engine. At {@link #LEVEL} it comes last, as in the launcher, and the first
     *     pipeline is whole; below {@link #STAGES_LEVEL} it stays while the stages go, and they come after it has started
     */
    static Option[] of(Path state, Wire wire, int level) {
        List<Option> options = new ArrayList<>(List.of(
                frameworkProperty("manx.state").value(state.toString()),
                frameworkProperty("manx.interfaces").value(wire.device()),
                frameworkProperty("org.osgi.framework.bsnversion").value("multiple"),
                frameworkProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("WARN"),
                frameworkProperty("org.osgi.framework.bundle.parent").value("app"),
                systemProperty("pax.exam.service.timeout").value(SERVICE_COMES_MILLIS),
                bootDelegationPackages("sun.*", "org.assertj.*", "net.bytebuddy.*", "io.manx.testkit"),
                frameworkStartLevel(LEVEL)));
        FRAMEWORK.forEach(name -> options.add(bundle(Home.jar(name).toUri().toString())));
        options.add(bundle(Home.jar("io.manx.osgi").toUri().toString()).startLevel(level));
        STAGES.forEach(name -> options.add(bundle(Home.jar(name).toUri().toString()).startLevel(STAGES_LEVEL)));
        return options.toArray(Option[]::new);
    }

    /** As the other, with what tests need that run in the framework. */
    static Option[] forTests(Wire wire, int level) throws IOException, InterruptedException {
        return options(
                composite(of(Files.createTempDirectory("manx-pax"), wire.create(), level)), CoreOptions.junitBundles());
    }
}
