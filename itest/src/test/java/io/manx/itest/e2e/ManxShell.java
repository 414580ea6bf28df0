package io.manx.itest.e2e;

import io.manx.itest.Home;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@code bin/manx shell}, kept open: a command does not wait for a program to start. */
final class ManxShell implements AutoCloseable {
    private final Process process;
    private final Writer in;
    private final BufferedReader out;
    private int lines;

    ManxShell(Path socket) throws IOException {
        process = new ProcessBuilder(Home.ROOT.resolve("bin/manx").toString(), "shell", "--socket", socket.toString())
                .redirectErrorStream(true)
                .start();
        in = process.outputWriter(StandardCharsets.UTF_8);
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Carries a line out. @return all that it printed */
    String run(String line) throws IOException {
        String end = "end-of-line-" + ++lines;
        in.write(line + "\necho " + end + "\n");
        in.flush();
        StringBuilder answer = new StringBuilder();
        for (String next = out.readLine(); !end.equals(next); next = out.readLine()) {
            if (next == null) {
                throw new AssertionError("the shell ended at '" + line + "': " + answer);
            }
            answer.append(next).append('\n');
        }
        return answer.toString();
    }

    @Override
    public void close() throws IOException {
        in.close();
        out.close();
        process.destroy();
    }
}
