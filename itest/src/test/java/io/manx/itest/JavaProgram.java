package io.manx.itest;

import io.manx.testkit.Namespace;
import io.manx.testkit.Running;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class of the tests' whose main method is to run in a Java of its own, with the tests' class path. */
public final class JavaProgram {
    private final List<String> before = new ArrayList<>();
    private final List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC"));
    private final List<String> program;

    private JavaProgram(List<String> program) {
        this.program = program;
    }

    public static JavaProgram of(Class<?> main, String... arguments) {
        List<String> program = new ArrayList<>(List.of(main.getName()));
        program.addAll(List.of(arguments));
        return new JavaProgram(program);
    }

    /** @param command that starts it: {@code behind("nice", "-n", "19")} */
    public JavaProgram behind(String... command) {
        before.addAll(List.of(command));
        return this;
    }

    /** @param more options of Java's */
    public JavaProgram with(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    public Running startIn(Namespace where) {
        return where.start(command());
    }

    /** To its end. @throws AssertionError its status is not 0 */
    public String runIn(Namespace where) {
        return where.exec(command());
    }

    private String[] command() {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(options);
        /* In a fork of failsafe's, java.class.path is a jar that names the rest. */
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(program);
        return command.toArray(String[]::new);
    }
}
