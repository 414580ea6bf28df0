package io.manx.shell.command;

import picocli.CommandLine.Command;

/** The root of every command that is carried out inside the running Manx. */
@Command(
        name = "manx",
        description = "Looks at a running Manx and changes it.",
        mixinStandardHelpOptions = true,
        versionProvider = ManxVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PipelinesCommand.class,
            StagesCommand.class,
            InstallCommand.class,
            UpdateCommand.class,
            RemoveCommand.class,
            DropsCommand.class,
            SwapsCommand.class,
            ProgramsCommand.class,
            MapsCommand.class,
            MapCommand.class
        })
public final class ManxCommand {}
