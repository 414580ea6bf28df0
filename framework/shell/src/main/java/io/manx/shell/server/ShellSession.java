package io.manx.shell.server;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/** A Gogo session in which the commands of Manx come before Gogo's own of the same name. */
final class ShellSession {
    private static final String COMMANDS = ".commands";

    private final CommandSession session;
    private final PrintStream err;

    ShellSession(CommandSession session, PrintStream err, Path directory) {
        this.session = session;
        this.err = err;
        session.put("SCOPE", "manx:*");
        session.put(GogoFunctions.DIRECTORY, directory.toString());
    }

    /** Carries out one line. @return the exit status of its last command of Manx; 1 when Gogo could not make sense of it */
    int execute(String line) {
        session.put(GogoFunctions.STATUS, 0);
        try {
            Object result = session.execute(line);
            if (result != null && !(result instanceof Boolean)) {
                session.getConsole().println(session.format(result, Converter.INSPECT));
            }
            return (Integer) session.get(GogoFunctions.STATUS);
        } catch (Exception e) {
            err.println("manx: " + (e.getMessage() == null ? e : e.getMessage()));
            return 1;
        }
    }

    /** Names of Gogo's functions without their scopes. */
    Collection<String> commands() {
        Object names = session.get(COMMANDS);
        if (!(names instanceof Collection<?> all)) {
            return List.of();
        }
        return all.stream()
                .map(name -> name.toString().substring(name.toString().indexOf(':') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    void close() {
        session.close();
    }
}
