package io.manx.shell.server;

import io.manx.shell.CommandLines;
import io.manx.shell.Console;
import io.manx.shell.Services;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Each command as a Gogo function of the scope {@code manx}, so that it can stand in pipes and scripts. */
final class GogoFunctions {
    /** Session variable: where file names start. */
    static final String DIRECTORY = "manx.directory";

    /** Session variable: the exit status of the last command. */
    static final String STATUS = "manx.status";

    private static final String SCOPE = "manx";

    private final BundleContext context;
    private final Services services;
    private final Map<String, ServiceRegistration<Function>> registered = new ConcurrentHashMap<>();

    GogoFunctions(BundleContext context, Services services) {
        this.context = context;
        this.services = services;
        CommandLines.names().forEach(this::add);
        register("help", new Call("--help"));
    }

    void add(String command) {
        register(command, new Call(command));
    }

    void remove(String command) {
        ServiceRegistration<Function> registration = registered.remove(command);
        if (registration != null) {
            registration.unregister();
        }
    }

    void close() {
        List.copyOf(registered.keySet()).forEach(this::remove);
    }

    private void register(String name, Function function) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(CommandProcessor.COMMAND_SCOPE, SCOPE);
        properties.put(CommandProcessor.COMMAND_FUNCTION, name);
        registered.put(name, context.registerService(Function.class, function, properties));
    }

    /** Gogo gives each command of a pipe its own System.out. */
    private final class Call implements Function {
        private final String command;

        Call(String command) {
            this.command = command;
        }

        @Override
        public Object execute(CommandSession session, List<Object> operands) {
            List<String> arguments = new ArrayList<>(operands.stream().map(String::valueOf).toList());
            if (command.equals("--help") && !arguments.isEmpty()) {
                arguments.add(command);
            } else {
                arguments.add(0, command);
            }
            PrintStream out = System.out;
            Console console = new Console(out, System.err, Path.of(session.get(DIRECTORY).toString()), services);
            session.put(STATUS, CommandLines.run(arguments, console));
            return null;
        }
    }
}
