package io.manx.dist;

import io.manx.shell.wire.Frame;
import io.manx.shell.wire.Frame.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** A command for the running Manx: sent there as it was typed, and what it prints is printed here. */
final class RemoteCommand {
    private RemoteCommand() {}

    /** @return the exit status */
    static int run(String... arguments) {
        Path socket = socket(Arrays.asList(arguments));
        try (Client client = Client.connect(socket)) {
            for (String argument : arguments) {
                client.send(Frame.of(Kind.ARGUMENT, argument));
            }
            return client.ask(Frame.of(Kind.RUN, ""));
        } catch (Refusal e) {
            return withoutManx(e, arguments);
        } catch (IOException e) {
            System.err.println("manx: the running Manx ended while it carried out " + arguments[0] + ": " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** Help and wrong usage need no running Manx. */
    private static int withoutManx(Refusal refusal, String... arguments) {
        CommandLine model = Help.model();
        if (!model.getSubcommands().containsKey(arguments[0])) {
            return model.execute(arguments);
        }
        List<String> words = Arrays.asList(arguments);
        if (words.contains("--help") || words.contains("-h")) {
            return BundleCommand.isOne(arguments[0]) ? model.execute(arguments[0], "--help") : model.execute(arguments);
        }
        System.err.println("manx: " + refusal.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static Path socket(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.equals("--socket") && i + 1 < arguments.size()) {
                return Path.of(arguments.get(i + 1));
            } else if (word.startsWith("--socket=")) {
                return Path.of(word.substring("--socket=".length()));
            }
        }
        return Places.SOCKET;
    }
}
