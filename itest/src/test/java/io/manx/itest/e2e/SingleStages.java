package io.manx.itest.e2e;

import io.manx.itest.Bundles;
import io.manx.itest.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;

/**
 * The stages of Manx, each as a bundle of its own: service and nat, as routes and forward, come in one, and an update of
 * that replaces both.
 */
final class SingleStages {
    /** In the order of the pipeline. */
    static final List<String> NAMES =
            List.of("fastpath", "parse", "conntrack", "service", "policy", "nat", "routes", "forward");

    private SingleStages() {}

    /** A version of one stage, in a bundle that is called after both. */
    static Path jar(String stage, String version, Path file) throws IOException {
        String bundle = "io.manx." + bundleOf(stage);
        return Bundles.rewrite(Home.jar(bundle), file, main -> {
            main.putValue("Bundle-SymbolicName", bundle + "." + stage);
            main.putValue("Bundle-Version", version);
            main.putValue("Provide-Capability", only(stage, version, main));
        }, (name, bytes) -> bytes);
    }

    private static String bundleOf(String stage) {
        return switch (stage) {
            case "service" -> "nat";
            case "forward" -> "routes";
            default -> stage;
        };
    }

    private static String only(String stage, String version, Attributes main) {
        String capability = clauses(main.getValue("Provide-Capability")).stream()
                .filter(clause -> (clause + ";").contains(";manx.stage=" + stage + ";"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no stage " + stage + " in " + main));
        return capability.replaceAll("version:Version=\"[^\"]*\"", "version:Version=\"" + version + "\"");
    }

    /** Parts that a comma outside of quotes divides. */
    private static List<String> clauses(String header) {
        List<String> clauses = new ArrayList<>();
        int begin = 0;
        boolean quoted = false;
        for (int i = 0; i <= header.length(); i++) {
            if (i == header.length() || header.charAt(i) == ',' && !quoted) {
                clauses.add(header.substring(begin, i));
                begin = i + 1;
            } else if (header.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return clauses;
    }
}
