package io.manx.shell.server;

import io.manx.shell.CommandLines;
import io.manx.shell.Console;
import io.manx.shell.Services;
import io.manx.shell.wire.Frame;
import io.manx.shell.wire.Frame.Kind;
import io.manx.shell.wire.FrameChannel;
import io.manx.shell.wire.FrameOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;

/** One client: its commands one after the other, and its shell if it opens one. */
final class Conversation {
    private static final int BUFFER_BYTES = 1 << 15;

    private final FrameChannel channel;
    private final Services services;
    private final CommandProcessor processor;
    private final PrintStream out;
    private final PrintStream err;
    private final List<String> arguments = new ArrayList<>();
    private Path directory = Path.of("/");
    private ShellSession shell;

    Conversation(FrameChannel channel, Services services, CommandProcessor processor) {
        this.channel = channel;
        this.services = services;
        this.processor = processor;
        this.out = stream(Kind.OUT);
        this.err = stream(Kind.ERROR);
    }

    private PrintStream stream(Kind kind) {
        return new PrintStream(
                new BufferedOutputStream(new FrameOutput(channel, kind), BUFFER_BYTES), false, StandardCharsets.UTF_8);
    }

    /** Until the client closes. */
    void run() throws IOException {
        try {
            for (Optional<Frame> frame = channel.read(); frame.isPresent(); frame = channel.read()) {
                handle(frame.get());
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            if (shell != null) {
                shell.close();
            }
        }
    }

    private void handle(Frame frame) throws IOException {
        switch (frame.kind()) {
            case DIRECTORY -> directory = Path.of(frame.text());
            case ARGUMENT -> arguments.add(frame.text());
            case RUN -> {
                int status = CommandLines.run(arguments, console());
                arguments.clear();
                end(status);
            }
            case LINE -> end(shell().execute(frame.text()));
            case COMPLETE -> {
                for (String candidate : new Completion(console(), shell().commands()).of(frame.text())) {
                    channel.write(Frame.of(Kind.CANDIDATE, candidate));
                }
                end(0);
            }
            default -> throw new IOException("a client sent " + frame.kind());
        }
    }

    private Console console() {
        return new Console(out, err, directory, services);
    }

    private ShellSession shell() {
        if (shell == null) {
            shell = new ShellSession(processor.createSession(InputStream.nullInputStream(), out, err), err, directory);
        }
        return shell;
    }

    private void end(int status) throws IOException {
        out.flush();
        err.flush();
        channel.write(Frame.of(Kind.STATUS, Integer.toString(status)));
    }
}
