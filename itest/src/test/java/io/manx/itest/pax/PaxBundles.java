package io.manx.itest.pax;

import static org.ops4j.pax.exam.CoreOptions.bundle;

import io.manx.itest.Home;
import java.util.ArrayList;
import java.util.List;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;

/** The bundles that {@code manx run} starts, less the shell, plus what Pax Exam's tests need. */
final class PaxBundles {
    private static final List<String> NAMES = List.of(
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
            "io.manx.resources",
            "io.manx.osgi",
            "io.manx.parse",
            "io.manx.conntrack",
            "io.manx.policy",
            "io.manx.nat",
            "io.manx.routes");

    private PaxBundles() {}

    static Option[] all() {
        List<Option> options = new ArrayList<>();
        NAMES.forEach(name -> options.add(bundle(Home.jar(name).toUri().toString())));
        options.add(CoreOptions.junitBundles());
        return options.toArray(Option[]::new);
    }
}
