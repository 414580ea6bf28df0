package io.manx.shell.command;

import picocli.CommandLine.Command;

/** {@code map}: looks into a BPF map, and changes it. */
@Command(
        name = "map",
        description = "Looks into a BPF map, and changes it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {MapDump.class, MapGet.class, MapSet.class, MapDelete.class})
final class MapCommand {}
