package io.manx.dist;

import io.manx.shell.CommandLines;
import io.manx.shell.Console;
import io.manx.shell.NoServices;
import io.manx.shell.command.ManxVersion;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** All commands in one model, wherever they are carried out. */
@Command(
        name = "manx",
        description = "A Linux packet data plane made of parts that can be changed while it runs.",
        mixinStandardHelpOptions = true,
        versionProvider = ManxVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            Help.Demo.class,
            Help.Bench.class,
            DoctorCommand.class,
            ShellCommand.class,
            CleanCommand.class,
            NewStageCommand.class,
            DevCommand.class,
            NextVersionCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Bundles bring commands of their own, as the default ones bring flows, services, policies and routes.",
            "`manx COMMAND --help` explains each.",
            "Exit status: 0 done, 1 refused (the reason on standard error), 2 wrong usage."
        })
final class Help {
    private Help() {}

    static CommandLine model() {
        CommandLine line = new CommandLine(new Help());
        remote().getSubcommands().forEach(line::addSubcommand);
        return line;
    }

    /** {@code run} alone, as it is in {@link #model}: a start need not wait for all the others to be made. */
    static CommandLine run() {
        return new CommandLine(new Start());
    }

    /** The commands of the running Manx that are known without it. */
    static CommandLine remote() {
        return CommandLines.of(new Console(System.out, System.err, Path.of("."), new NoServices(BundleCommand.DEFAULT)));
    }

    @Command(name = "manx", subcommands = RunCommand.class)
    private static final class Start {}

    /** Carried out by bin/manx itself; named here for the help. */
    @Command(
            name = "demo",
            description = "Shows Manx at work in network namespaces of its own, and cleans up after itself.",
            mixinStandardHelpOptions = true)
    static final class Demo implements Runnable {
        @CommandLine.Option(names = "--stay", description = "Leaves it running to play with.")
        private boolean stay;

        @Override
        public void run() {
            throw new IllegalStateException("the demo is started by bin/manx" + (stay ? " demo --stay" : " demo"));
        }
    }

    /** Carried out by a program of its own, which bin/manx starts. */
    @Command(
            name = "bench",
            description = "Measures what Manx costs here, beside iptables, nftables and the bare kernel; `manx bench --help`.")
    static final class Bench implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("the benchmark is started by bin/manx bench");
        }
    }
}
