package io.manx.itest.e2e;

import io.manx.itest.Home;
import io.manx.itest.e2e.RunningManx.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code bin/manx} as a user types it, for what ends by itself. */
final class BinManx {
    private static final int LONGEST_SECONDS = 60;

    private BinManx() {}

    static String path() {
        return Home.ROOT.resolve("bin/manx").toString();
    }

    static Answer run(String... words) throws IOException, InterruptedException {
        return runBy(List.of(), words);
    }

    /** @param wrapper a command that starts the one it is given: {@code unshare -m} */
    static Answer runBy(List<String> wrapper, String... words) throws IOException, InterruptedException {
        return runWith("", wrapper, words);
    }

    /**
     * @param input what it reads from standard input
     * @throws AssertionError it did not end
     */
    static Answer runWith(String input, List<String> wrapper, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(path());
        command.addAll(List.of(words));
        Path out = Files.createTempFile("manx-bin", ".out");
        Path err = Files.createTempFile("manx-bin", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
                process.waitFor();
                throw new AssertionError(command + " did not end within " + LONGEST_SECONDS + " s: " + Files.readString(err));
            }
            return new Answer(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
