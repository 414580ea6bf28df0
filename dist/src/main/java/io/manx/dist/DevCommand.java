package io.manx.dist;

import io.manx.shell.wire.Frame;
import io.manx.shell.wire.Frame.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dev}: a stage is live in the running Manx while its author edits it. */
@Command(
        name = "dev",
        description = {
            "Builds a stage's folder and puts it into the running Manx, again after each save.",
            "What does not compile, or what the verifier refuses, is shown; the version before it then goes on.",
            "Ctrl-C ends; the last version stays."
        },
        mixinStandardHelpOptions = true)
final class DevCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The stage's folder, as `manx new-stage` writes it.")
    private Path directory;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = Places.DEFAULT_SOCKET,
            description = "Where the running Manx listens (default ${DEFAULT-VALUE}).")
    private Path socket;

    private volatile boolean installed;
    private volatile boolean failed;

    @Override
    public Integer call() throws Refusal, IOException, InterruptedException {
        StageFolder stage = StageFolder.of(directory);
        installed = isInstalled(stage.bundle());
        String bundle = stage.bundle();
        try (FolderWatch watch = new FolderWatch(stage.path())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> sayGoodbye(bundle), "goodbye"));
            System.out.println("watching " + stage.path() + "; Ctrl-C ends");
            Instant saved = Instant.now();
            while (true) {
                turn(stage, saved);
                saved = watch.awaitChange();
            }
        } finally {
            failed = true;
        }
    }

    /** What is wrong with this version ends nothing: the author saves the next. */
    private void turn(StageFolder stage, Instant saved) throws IOException, InterruptedException {
        try {
            if (!stage.compile()) {
                System.out.println("not built" + unchanged());
            } else if (deliver(stage.bundle(), stage.pack())) {
                double seconds = Duration.between(saved, Instant.now()).toMillis() / 1000.0;
                System.out.println(String.format(Locale.ROOT, "live %.2f s after the save", seconds));
            } else {
                System.out.println("refused" + unchanged());
            }
        } catch (Refusal e) {
            System.out.println(e.getMessage() + unchanged());
        }
        System.out.flush();
    }

    private String unchanged() {
        return installed ? "; the version before it goes on" : "; nothing is installed yet";
    }

    private boolean deliver(String bundle, Path jar) throws Refusal, IOException {
        installed = isInstalled(bundle);
        try (Client client = Client.connect(socket)) {
            boolean done = ask(client, installed ? "update" : "install", jar.toString());
            installed |= done;
            return done;
        }
    }

    private boolean isInstalled(String bundle) throws Refusal, IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Client client = Client.connect(socket, answer, answer)) {
            ask(client, "stages", "--json");
        }
        return Pattern.compile("\"bundle\"\\s*:\\s*\"" + Pattern.quote(bundle) + "\"")
                .matcher(answer.toString(StandardCharsets.UTF_8))
                .find();
    }

    private static boolean ask(Client client, String... words) throws IOException {
        for (String word : words) {
            client.send(Frame.of(Kind.ARGUMENT, word));
        }
        return client.ask(Frame.of(Kind.RUN, "")) == 0;
    }

    /** At Ctrl-C the status would else be the signal's. */
    private void sayGoodbye(String bundle) {
        if (installed) {
            System.out.println(bundle + " stays installed; to take it out: manx remove " + bundle
                    + (socket.equals(Places.SOCKET) ? "" : " --socket " + socket));
        }
        System.out.flush();
        if (!failed) {
            Runtime.getRuntime().halt(0);
        }
    }
}
