package io.manx.shell.server;

import io.manx.shell.CommandLines;
import io.manx.shell.Console;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What the last word of a line may become, by picocli's model of the commands. */
final class Completion {
    private final Console console;
    private final Collection<String> gogo;

    /** @param gogo names of the functions that are not ours */
    Completion(Console console, Collection<String> gogo) {
        this.console = console;
        this.gogo = gogo;
    }

    /** Each candidate as the word, a tab, and what it is. */
    List<String> of(String line) {
        String command = line.substring(Math.max(line.lastIndexOf('|'), line.lastIndexOf(';')) + 1);
        List<String> words = new ArrayList<>(Arrays.asList(command.stripLeading().split("\\s+", -1)));
        String last = words.remove(words.size() - 1);
        CommandLine model = CommandLines.of(console);
        if (!words.isEmpty() && words.get(0).equals("help")) {
            words.remove(0);
        }
        int position = 0;
        for (String word : words) {
            CommandLine sub = model == null ? null : model.getSubcommands().get(word);
            if (sub != null && position == 0) {
                model = sub;
            } else if (model == null || model.getParent() == null) {
                return List.of();
            } else if (!word.startsWith("-")) {
                position++;
            }
        }
        String before = words.isEmpty() ? "" : words.get(words.size() - 1);
        return candidates(model, before, position)
                .filter(candidate -> candidate.startsWith(last))
                .sorted()
                .distinct()
                .toList();
    }

    private Stream<String> candidates(CommandLine model, String before, int position) {
        CommandSpec spec = model.getCommandSpec();
        OptionSpec option = spec.findOption(before);
        if (option != null && option.arity().max() > 0) {
            return values(option);
        }
        Stream<String> names = model.getSubcommands().entrySet().stream()
                .map(entry -> entry.getKey() + "\t"
                        + String.join(" ", entry.getValue().getCommandSpec().usageMessage().description()));
        Stream<String> options = spec.options().stream()
                .filter(one -> model.getParent() != null && !one.hidden())
                .map(one -> one.longestName() + "\t" + String.join(" ", one.description()));
        Stream<String> positional = spec.positionalParameters().stream()
                .filter(one -> one.index().contains(position))
                .map(PositionalParamSpec.class::cast)
                .flatMap(Completion::values);
        Stream<String> others = model.getParent() == null
                ? new TreeSet<>(gogo).stream().filter(name -> !model.getSubcommands().containsKey(name))
                        .map(name -> name + "\tof Gogo")
                : Stream.empty();
        return Stream.of(names, options, positional, others).flatMap(all -> all);
    }

    private static Stream<String> values(ArgSpec spec) {
        return spec.completionCandidates() == null
                ? Stream.empty()
                : StreamSupport.stream(spec.completionCandidates().spliterator(), false)
                        .map(value -> value + "\t" + spec.paramLabel());
    }
}
