package io.manx.dist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.osgi.framework.BundleException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run}: Manx itself, in the foreground. */
@Command(
        name = "run",
        description = {
            "Runs Manx until Ctrl-C or SIGTERM.",
            "Prints the line `ready` on standard output once the pipelines stand; messages go to standard error."
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    /** What happens to the pipelines when Manx ends. */
    enum OnExit {
        detach,
        keep
    }

    /** How programs are attached to interfaces. */
    enum Attach {
        tcx,
        clsact
    }

    @Option(
            names = "--config",
            paramLabel = "DIR",
            description = "Folder of YAML resources (default: one that comes with Manx and asks for nothing).")
    Path config;

    @Option(
            names = "--deploy",
            paramLabel = "DIR",
            description = "Folder whose bundles are installed, updated and removed as they come and go"
                    + " (default: the folder deploy in the state folder).")
    Path deploy;

    @Option(
            names = "--interface",
            paramLabel = "IF",
            description = "Also works on this interface, whether or not an endpoint names it. May be repeated.")
    List<String> interfaces = List.of();

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = Places.DEFAULT_STATE,
            description = "Folder for what this Manx has to remember; one Manx each (default ${DEFAULT-VALUE}).")
    Path state;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = Places.DEFAULT_SOCKET,
            description = "Where it listens for commands (default ${DEFAULT-VALUE}).")
    Path socket;

    @Option(names = "--netns", paramLabel = "NAME", description = "Works on the interfaces of this network namespace.")
    String netns;

    @Option(
            names = "--on-exit",
            paramLabel = "detach|keep",
            defaultValue = "detach",
            description = "At the end: detach takes everything off the interfaces, keep leaves packets flowing"
                    + " (default ${DEFAULT-VALUE}).")
    OnExit onExit;

    @Option(
            names = "--attach",
            paramLabel = "tcx|clsact",
            description = "How programs are attached (default tcx where the kernel has it, else clsact).")
    Attach attach;

    @Override
    public Integer call() throws Refusal, IOException, BundleException, InterruptedException {
        Path folder = state.toAbsolutePath().normalize();
        Prerequisites.check(this);
        StateLock lock = StateLock.take(folder);
        try {
            Prerequisites.checkSocket(socket.toAbsolutePath());
            new Container(RunProperties.of(this, folder)).run();
        } finally {
            lock.close();
        }
        return 0;
    }
}
