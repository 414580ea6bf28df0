package io.manx.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The benchmark as bin/manx starts it: in a Java of its own, in a network namespace of its own. */
public final class InOwnNetwork {
    private InOwnNetwork() {}

    /** @return what it printed. @throws AssertionError its status is not 0 */
    public static String bench(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "unshare", "--net", Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dmanx.bench.trace=true", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("manx bench " + String.join(" ", arguments) + " ended with " + process.exitValue() + ":\n" + output);
        }
        return output;
    }
}
