package io.manx.itest.e2e;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A program: opens a TCP connection to each of its targets, says things and compares the echo, until its standard input
 * ends; then prints how many connections lived on and how often they got their echo. Arguments: ADDRESS:PORT of each.
 */
final class TalkMain {
    private static final int BYTES = 1024;
    private static final Duration BETWEEN = Duration.ofMillis(20);
    /** A connection that is stuck is dead: the kernel would try for a quarter of an hour. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final AtomicBoolean end = Input.ended();
    private final AtomicLong lived = new AtomicLong();
    private final AtomicLong echoes = new AtomicLong();

    public static void main(String[] targets) throws Exception {
        new TalkMain().run(targets);
    }

    private void run(String... targets) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (String target : targets) {
            int colon = target.lastIndexOf(':');
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) LONGEST.toMillis());
            socket.connect(new InetSocketAddress(
                    target.substring(0, colon), Integer.parseInt(target.substring(colon + 1))), (int) LONGEST.toMillis());
            threads.add(new Thread(() -> talk(socket, target)));
        }
        System.out.println("talking");
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("lived " + lived + " echoes " + echoes);
    }

    private void talk(Socket socket, String target) {
        byte[] said = new byte[BYTES];
        byte[] heard = new byte[BYTES];
        Random random = new Random();
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (!end.get()) {
                random.nextBytes(said);
                socket.getOutputStream().write(said);
                in.readFully(heard);
                if (!Arrays.equals(said, heard)) {
                    throw new IOException("the echo is not what was said");
                }
                echoes.incrementAndGet();
                LockSupport.parkNanos(BETWEEN.toNanos());
            }
            lived.incrementAndGet();
        } catch (IOException e) {
            System.out.println("broken: the connection to " + target + ": " + e);
        }
    }
}
