package io.manx.shell.wire;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** Frames over a connected socket. Several threads may write; one reads. */
public final class FrameChannel implements Closeable {
    private static final int HEADER_BYTES = 5;

    private final SocketChannel socket;

    public FrameChannel(SocketChannel socket) {
        this.socket = socket;
    }

    /** @throws IOException the other side is gone, among others */
    public synchronized void write(Frame frame) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + frame.payload().length);
        bytes.put(frame.kind().letter()).putInt(frame.payload().length).put(frame.payload()).flip();
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    /** The next frame; none when the other side has closed. @throws IOException it is no frame of ours */
    public Optional<Frame> read() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        if (socket.read(header) < 0) {
            return Optional.empty();
        }
        fill(header);
        Frame.Kind kind = kind(header.get(0));
        int length = header.getInt(1);
        if (length < 0 || length > Frame.LIMIT) {
            throw new IOException("a frame of " + length + " bytes; the limit is " + Frame.LIMIT);
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        fill(payload);
        return Optional.of(new Frame(kind, payload.array()));
    }

    private void fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (socket.read(buffer) < 0) {
                throw new EOFException("the connection ended inside a frame");
            }
        }
    }

    private static Frame.Kind kind(byte letter) throws IOException {
        for (Frame.Kind kind : Frame.Kind.values()) {
            if (kind.letter() == letter) {
                return kind;
            }
        }
        throw new IOException("a frame of unknown kind " + letter);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
