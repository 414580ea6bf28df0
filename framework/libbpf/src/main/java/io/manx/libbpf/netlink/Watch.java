package io.manx.libbpf.netlink;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.manx.libbpf.BpfException;
import java.util.concurrent.TimeUnit;

/**
 * A thread that listens to the kernel's announcements and passes them on once they pause: after a quiet time almost at
 * once, in busy times after a pause worth the name. It never asks what an
 * announcement says: the reader dumps what it needs, so an announcement lost for want of room costs nothing either.
 */
final class Watch implements AutoCloseable {
    private static final int GROUP_LINK = 1;
    private static final int GROUP_IPV4_ADDRESS = 0x10;
    private static final int GROUP_IPV4_ROUTE = 0x40;
    private static final int GROUP_IPV6_ADDRESS = 0x100;
    private static final int GROUP_IPV6_ROUTE = 0x400;
    private static final int GROUP_NEXT_HOP = 1 << 31;

    private static final int PAUSE_MILLIS = 20;
    private static final int LONGEST_MILLIS = 200;
    /** Of one change, such as the two ends of a veth. */
    private static final int FIRST_PAUSE_MILLIS = 2;

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int FOREVER = -1;
    private static final int EVENTFD_CLOEXEC = 0x80000;
    private static final int POLLFD = 8;

    private final Runnable changed;
    private final NetlinkSocket socket;
    private final int stop;
    private final Memory descriptors = new Memory(2 * POLLFD);
    private final Thread thread;
    private boolean closed;
    private long passedOn = System.nanoTime() - QUIET_NANOS;

    Watch(Runnable changed) {
        this.changed = changed;
        socket = new NetlinkSocket(GROUP_LINK
                | GROUP_IPV4_ADDRESS
                | GROUP_IPV4_ROUTE
                | GROUP_IPV6_ADDRESS
                | GROUP_IPV6_ROUTE
                | GROUP_NEXT_HOP);
        stop = Sockets.eventfd(0, EVENTFD_CLOEXEC);
        if (stop < 0) {
            BpfException failure = new BpfException("eventfd", "rtnetlink watch", Native.getLastError());
            socket.close();
            throw failure;
        }
        thread = new Thread(this::run, "manx-rtnetlink");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (await(FOREVER)) {
                if (socket.drain() && !untilPause()) {
                    return;
                }
            }
        } catch (BpfException e) {
            report(e);
        } finally {
            release();
        }
    }

    /** @return whether to go on */
    private boolean untilPause() {
        long first = System.nanoTime();
        long latest = first + TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);
        int pause = first - passedOn >= QUIET_NANOS ? FIRST_PAUSE_MILLIS : PAUSE_MILLIS;
        boolean more = true;
        while (more && System.nanoTime() < latest) {
            if (!await(pause)) {
                return false;
            }
            more = socket.drain();
        }
        try {
            changed.run();
        } catch (RuntimeException e) {
            /* The next change may well succeed: the watch goes on. */
            report(e);
        }
        passedOn = System.nanoTime();
        return true;
    }

    private void report(RuntimeException e) {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }

    /** Waits for an announcement or so many milliseconds. @return whether to go on */
    private boolean await(int millis) {
        listen(0, socket.fd());
        listen(POLLFD, stop);
        int ready = Sockets.poll(descriptors, 2, millis);
        if (ready < 0 && Native.getLastError() != Sockets.EINTR) {
            NetlinkSocket.check(ready, "poll");
        }
        boolean stopped = ready > 0 && descriptors.getShort(POLLFD + 6) != 0;
        return !stopped;
    }

    /** struct pollfd: descriptor (4), what to wait for (2), what came (2). */
    private void listen(int at, int fd) {
        descriptors.setInt(at, fd);
        descriptors.setShort(at + 4, Sockets.POLLIN);
        descriptors.setShort(at + 6, (short) 0);
    }

    private synchronized void release() {
        closed = true;
        socket.close();
        Sockets.close(stop);
    }

    /** Called by {@code changed} itself it cannot wait for that call's end; no other follows. */
    @Override
    public void close() {
        synchronized (this) {
            if (!closed) {
                NetlinkSocket.check(Sockets.write(stop, new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, 8), "write");
            }
        }
        if (Thread.currentThread() != thread) {
            awaitEnd();
        }
    }

    /** Whoever is interrupted waits all the same, and finds the interrupt afterwards: `changed` must not run on. */
    private void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
