package io.manx.dist;

import io.manx.shell.wire.Frame;
import io.manx.shell.wire.Frame.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code shell}: lines typed here are carried out by Gogo in the running Manx. */
@Command(
        name = "shell",
        description = {
            "A shell of the running Manx, with completion, pipes and history; lines also come from standard input.",
            "The commands are those of `manx --help`, and Gogo's."
        },
        mixinStandardHelpOptions = true)
final class ShellCommand implements Callable<Integer> {
    private static final Set<String> LEAVE = Set.of("exit", "quit", "logout");

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = Places.DEFAULT_SOCKET,
            description = "Where the running Manx listens (default ${DEFAULT-VALUE}).")
    private Path socket;

    @Override
    public Integer call() throws Refusal, IOException {
        try (Client client = Client.connect(socket)) {
            return System.console() == null ? script(client) : dialogue(client);
        }
    }

    /** @return the exit status of the last line */
    private static int script(Client client) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int status = 0;
        for (String line = lines.readLine(); line != null && !LEAVE.contains(line.strip()); line = lines.readLine()) {
            if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                status = client.ask(Frame.of(Kind.LINE, line));
            }
        }
        return status;
    }

    private static int dialogue(Client client) throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .appName("manx")
                    .completer((line, parsed, candidates) -> {
                        for (String candidate : completions(client, parsed.line().substring(0, parsed.cursor()))) {
                            String[] parts = candidate.split("\t", 2);
                            candidates.add(new Candidate(parts[0], parts[0], null, parts[1], null, null, true));
                        }
                    })
                    .variable(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".manx_history"))
                    .build();
            while (oneLine(reader, client)) {
                terminal.flush();
            }
            return 0;
        }
    }

    /** @return whether to go on */
    private static boolean oneLine(LineReader reader, Client client) throws IOException {
        try {
            String line = reader.readLine("manx> ");
            if (LEAVE.contains(line.strip())) {
                return false;
            } else if (!line.isBlank()) {
                client.ask(Frame.of(Kind.LINE, line));
            }
            return true;
        } catch (UserInterruptException e) {
            return true;
        } catch (EndOfFileException e) {
            return false;
        }
    }

    private static Iterable<String> completions(Client client, String line) {
        try {
            return client.complete(line);
        } catch (IOException e) {
            throw new UncheckedIOException("the running Manx has ended", e);
        }
    }
}
