package io.manx.testkit;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Datagrams from one namespace to another and back, as fast as they are answered, until it is ended.
 *
 * <pre>{@code
 * EchoStream stream = EchoStream.start(client, server, "192.0.2.2", 5201);
 * swapAStage();
 * assertThat(stream.end().lost()).isZero();
 * }</pre>
 *
 * <p>No more are under way than socket buffers hold, however slow the machine is: one that is missing was lost on the way.
 */
public final class EchoStream implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern RESULT = Pattern.compile("sent (\\d+) answered (\\d+)");

    private final Running receiver;
    private final Running sender;

    /** @param sent datagrams. @param answered those that came to the receiver, and back from there */
    public record Report(long sent, long answered) {
        /** On the way there or back. */
        public long lost() {
            return sent - answered;
        }
    }

    private EchoStream(Namespace from, Running receiver, String address, int port) {
        this.receiver = receiver;
        receiver.awaitLine("reflecting", SOON);
        sender = from.start(program(Traffic.class, address, Integer.toString(port)));
    }

    /** @param address one of the second namespace's, numeric */
    public static EchoStream start(Namespace from, Namespace to, String address, int port) {
        return new EchoStream(from, to.start(receiver(address, port)), address, port);
    }

    /** To the namespace that this process is in. @param address one of its own, numeric */
    public static EchoStream start(Namespace from, String address, int port) {
        return new EchoStream(from, new Running(List.of(receiver(address, port))), address, port);
    }

    private static String[] receiver(String address, int port) {
        return program(Reflector.class, address, Integer.toString(port));
    }

    /** A program of the testkit's that takes nothing but the JDK. */
    static String[] program(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", ownClasses(), main.getName()));
        command.addAll(Arrays.asList(arguments));
        return command.toArray(String[]::new);
    }

    private static String ownClasses() {
        try {
            return Path.of(Traffic.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("where the testkit's classes are is no path", e);
        }
    }

    /** Whether it goes on. */
    public boolean alive() {
        return sender.alive() && receiver.alive();
    }

    /** Sends no more, and waits for the last answers. @throws AssertionError the sender failed, and what it said */
    public Report end() {
        Report report = ended(sender);
        receiver.close();
        return report;
    }

    static Report ended(Running sender) {
        sender.endInput();
        sender.awaitEnd(SOON);
        Matcher result = RESULT.matcher(sender.output());
        if (!result.find()) {
            throw new AssertionError("the sender of datagrams failed: " + sender.output());
        }
        return new Report(Long.parseLong(result.group(1)), Long.parseLong(result.group(2)));
    }

    /** Ends it without asking what came of it. */
    @Override
    public void close() {
        sender.close();
        receiver.close();
    }
}
