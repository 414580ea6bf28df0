package io.manx.shell.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** A stream whose bytes travel as OUT or ERROR frames. */
public final class FrameOutput extends OutputStream {
    private final FrameChannel channel;
    private final Frame.Kind kind;

    public FrameOutput(FrameChannel channel, Frame.Kind kind) {
        this.channel = channel;
        this.kind = kind;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = 0; at < length; at += Frame.LIMIT) {
            int end = Math.min(length, at + Frame.LIMIT);
            channel.write(new Frame(kind, Arrays.copyOfRange(bytes, offset + at, offset + end)));
        }
    }
}
