package io.manx.libbpf.netlink;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.manx.libbpf.BpfException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** A NETLINK_ROUTE socket of the network namespace that the process is in. For use by one thread. */
final class NetlinkSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int RECEIVE_QUEUE = 4 << 20;
    /** The kernel fills up to 32 KiB at a time when the reader has room for that. */
    private static final int BUFFER = 1 << 16;

    private static final int MOST_AT_ONCE = 4096;

    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int REQUEST_DUMP = 0x301;
    private static final int FLAG_INTERRUPTED = 0x10;
    private static final int HEADER = 16;
    private static final String SUBJECT = "rtnetlink";

    private final int fd;
    private final Memory buffer = new Memory(BUFFER);
    private int sequence;

    /** What the kernel says to a dump. @param interrupted things changed meanwhile: some may be missing, or there twice */
    record Dump(boolean interrupted) {}

    /** @param groups a mask of the RTMGRP_ numbers to listen to; 0 for requests only */
    NetlinkSocket(int groups) {
        fd = Sockets.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
        check(fd, "socket");
        try {
            byte[] address = order(ByteBuffer.allocate(12))
                    .putShort((short) AF_NETLINK)
                    .putShort((short) 0)
                    .putInt(0)
                    .putInt(groups)
                    .array();
            check(Sockets.bind(fd, address, address.length), "bind");
            /* Takes CAP_NET_ADMIN. Without it the queue is shorter, and an overflow is seen and survived. */
            Sockets.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, new int[] {RECEIVE_QUEUE}, Integer.BYTES);
        } catch (BpfException e) {
            close();
            throw e;
        }
    }

    int fd() {
        return fd;
    }

    /**
     * Asks for all of a kind, and visits each.
     *
     * @param type RTM_GETLINK, RTM_GETROUTE
     * @param body what follows the netlink header
     * @param visitor given each answer from behind its netlink header on, native order; only valid during the call
     */
    Dump dump(int type, byte[] body, Consumer<ByteBuffer> visitor) {
        sequence++;
        byte[] request = order(ByteBuffer.allocate(HEADER + body.length))
                .putInt(HEADER + body.length)
                .putShort((short) type)
                .putShort((short) REQUEST_DUMP)
                .putInt(sequence)
                .putInt(0)
                .put(body)
                .array();
        check(Sockets.send(fd, request, request.length, 0), "send");
        boolean interrupted = false;
        while (true) {
            ByteBuffer messages = receive();
            while (messages.remaining() >= HEADER) {
                int start = messages.position();
                int length = messages.getInt(start);
                int kind = Short.toUnsignedInt(messages.getShort(start + 4));
                interrupted |= (messages.getShort(start + 6) & FLAG_INTERRUPTED) != 0;
                if (kind == DONE || kind == ERROR) {
                    fail(messages.getInt(start + HEADER), type);
                    return new Dump(interrupted);
                }
                visitor.accept(order(messages.slice(start + HEADER, length - HEADER)));
                messages.position(Math.min(messages.limit(), start + aligned(length)));
            }
        }
    }

    private static void fail(int error, int type) {
        if (error < 0) {
            throw new BpfException("netlink dump of type " + type, SUBJECT, -error);
        }
    }

    private ByteBuffer receive() {
        while (true) {
            long bytes = Sockets.recv(fd, buffer, BUFFER, Sockets.MSG_TRUNC);
            if (bytes >= 0) {
                if (bytes > BUFFER) {
                    throw new BpfException(
                            "recv", SUBJECT, Sockets.ENOBUFS, "a message of " + bytes + " bytes does not fit " + BUFFER);
                }
                return order(buffer.getByteBuffer(0, bytes));
            }
            if (Native.getLastError() != Sockets.EINTR) {
                check(-1, "recv");
            }
        }
    }

    /**
     * Empties the queue of a socket that listens, or takes a good part of it where it fills as fast.
     *
     * @return whether anything was there, or was lost for want of room
     */
    boolean drain() {
        for (int taken = 0; taken < MOST_AT_ONCE; taken++) {
            if (Sockets.recv(fd, buffer, BUFFER, Sockets.MSG_DONTWAIT) < 0) {
                int errno = Native.getLastError();
                if (errno == Sockets.EAGAIN) {
                    return taken > 0;
                }
                if (errno != Sockets.EINTR && errno != Sockets.ENOBUFS) {
                    check(-1, "recv");
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        Sockets.close(fd);
    }

    /** @throws BpfException the result is below zero; of the call that was made last on this thread */
    static long check(long result, String call) {
        if (result < 0) {
            throw new BpfException(call, SUBJECT, Native.getLastError());
        }
        return result;
    }

    static int aligned(int length) {
        return length + 3 & ~3;
    }

    static ByteBuffer order(ByteBuffer buffer) {
        return buffer.order(ByteOrder.nativeOrder());
    }
}
