package io.manx.itest.conntrack;

import java.util.Optional;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;

/** An interface of this process's namespace, for frames as they are: no stack sees to them. */
final class RawPort implements AutoCloseable {
    private static final int SNAP_BYTES = 4096;
    private static final int BUFFER_BYTES = 8 << 20;
    private static final int POLL_MILLIS = 20;

    private final String name;
    private final PcapHandle handle;

    RawPort(String name) {
        this(name, SNAP_BYTES);
    }

    /** @param longest that a frame may be, in bytes: the rest is cut off */
    RawPort(String name, int longest) {
        this.name = name;
        try {
            handle = new PcapHandle.Builder(name)
                    .snaplen(longest)
                    .bufferSize(BUFFER_BYTES)
                    .timeoutMillis(POLL_MILLIS)
                    .immediateMode(true)
                    .build();
            handle.setDirection(PcapHandle.PcapDirection.IN);
            handle.setBlockingMode(PcapHandle.BlockingMode.NONBLOCKING);
        } catch (PcapNativeException | NotOpenException e) {
            throw new IllegalStateException("opening " + name + " for raw frames; it takes root and libpcap", e);
        }
    }

    void send(byte[] frame) {
        try {
            handle.sendPacket(frame);
        } catch (PcapNativeException | NotOpenException e) {
            throw new IllegalStateException("sending " + frame.length + " bytes on " + name, e);
        }
    }

    /** The next frame that has come in; empty: there is none now. */
    Optional<byte[]> receive() {
        try {
            return Optional.ofNullable(handle.getNextRawPacket());
        } catch (NotOpenException e) {
            throw new IllegalStateException("receiving on " + name, e);
        }
    }

    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
