package io.manx.dist;

import io.manx.shell.wire.Frame;
import io.manx.shell.wire.Frame.Kind;
import io.manx.shell.wire.FrameChannel;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A connection to the running Manx. */
final class Client implements AutoCloseable {
    private final FrameChannel channel;
    private final OutputStream out;
    private final OutputStream err;
    private final List<String> candidates = new ArrayList<>();

    private Client(FrameChannel channel, OutputStream out, OutputStream err) {
        this.channel = channel;
        this.out = out;
        this.err = err;
    }

    /** Answers go to this process's own outputs. @throws Refusal nothing listens there */
    static Client connect(Path socket) throws Refusal {
        return connect(socket, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
    }

    /** @throws Refusal nothing listens there */
    static Client connect(Path socket, OutputStream out, OutputStream err) throws Refusal {
        try {
            FrameChannel channel = new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
            channel.write(Frame.of(Kind.DIRECTORY, System.getProperty("user.dir")));
            return new Client(channel, out, err);
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal(why(socket, e), e);
        }
    }

    private static String why(Path socket, Exception e) {
        if (e instanceof AccessDeniedException || Files.exists(socket) && !Files.isWritable(socket)) {
            return "only root may ask the Manx that listens on " + socket + ": try with sudo";
        }
        return "no Manx is running that listens on " + socket
                + ": start one with `manx run --config DIR`, or name its socket with --socket PATH";
    }

    void send(Frame frame) throws IOException {
        channel.write(frame);
    }

    /** Sends what is asked and prints the answer as it comes. @return its exit status */
    int ask(Frame frame) throws IOException {
        channel.write(frame);
        while (true) {
            Frame answer = channel.read().orElseThrow(() -> new EOFException("it closed the connection"));
            switch (answer.kind()) {
                case OUT -> print(out, answer);
                case ERROR -> print(err, answer);
                case CANDIDATE -> candidates.add(answer.text());
                case STATUS -> {
                    return Integer.parseInt(answer.text());
                }
                default -> throw new IOException("it answered with " + answer.kind());
            }
        }
    }

    /** Words that may complete the last word of the line, each with a tab and what it is. */
    List<String> complete(String line) throws IOException {
        candidates.clear();
        ask(Frame.of(Kind.COMPLETE, line));
        return List.copyOf(candidates);
    }

    /** Whoever reads this has enough: so have we. */
    private static void print(OutputStream to, Frame answer) {
        try {
            to.write(answer.payload());
        } catch (IOException e) {
            System.exit(0);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
