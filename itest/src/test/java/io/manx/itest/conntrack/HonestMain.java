package io.manx.itest.conntrack;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * A program: keeps connections to an echo and talks on half of them in turn, while another thread makes new ones, says a word
 * and ends them. The other half is silent until the first line of its standard input: then each says a word, and the program
 * tells what came of it. Arguments: ADDRESS PORT KEPT.
 */
final class HonestMain {
    /** Time for the SYN to be sent again once, after a second: who is kept out is kept out twice. */
    private static final int CONNECT_MILLIS = 2500;

    private static final int ANSWER_MILLIS = 5000;
    private static final long PAUSE_NANOS = 2_000_000;
    /** To say that it went wrong: each takes its time to be given up. */
    private static final int ENOUGH_LOST = 5;

    private static final int PROMPT_MILLIS = 900;

    private final InetSocketAddress echo;
    private final List<Socket> kept = new ArrayList<>();
    private final Set<Socket> lost = new HashSet<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private long words;
    private int made;
    private int prompt;
    private int failed;

    private HonestMain(InetSocketAddress echo) {
        this.echo = echo;
    }

    public static void main(String[] arguments) throws Exception {
        HonestMain honest = new HonestMain(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
        int count = Integer.parseInt(arguments[2]);
        for (int i = 0; i < count; i++) {
            honest.kept.add(honest.connect());
            honest.talk(honest.kept.get(i));
        }
        Thread old = new Thread(honest::keepTalking);
        Thread others = new Thread(honest::keepConnecting);
        old.start();
        others.start();
        System.out.println("talking from"
                + honest.kept.stream().map(socket -> " " + socket.getLocalPort()).collect(Collectors.joining()));
        new BufferedReader(new InputStreamReader(System.in)).readLine();
        honest.ended.set(true);
        old.join();
        others.join();
        System.out.printf(
                "kept %d of %d words %d new %d failed %d prompt %d%n",
                count - honest.lost.size(), count, honest.words, honest.made, honest.failed, honest.prompt);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.connect(echo, CONNECT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void talk(Socket socket) throws IOException {
        long word = System.nanoTime();
        socket.getOutputStream().write(ByteBuffer.allocate(Long.BYTES).putLong(word).array());
        if (new DataInputStream(socket.getInputStream()).readLong() != word) {
            throw new IOException("another word came back than was said");
        }
    }

    /** All say a last word after the end: what has lived through the flood does so once it is over. */
    private void keepTalking() {
        List<Socket> talkative = kept.subList(0, kept.size() / 2);
        while (!ended.get()) {
            talk(talkative);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        talk(kept);
    }

    private void talk(List<Socket> sockets) {
        for (Socket socket : sockets) {
            try {
                if (!lost.contains(socket) && lost.size() < ENOUGH_LOST) {
                    talk(socket);
                    words++;
                }
            } catch (IOException e) {
                System.out.println("lost the connection from port " + socket.getLocalPort() + ": " + e);
                lost.add(socket);
            }
        }
    }

    private void keepConnecting() {
        while (!ended.get()) {
            long began = System.nanoTime();
            try (Socket socket = connect()) {
                talk(socket);
                made++;
                prompt += (System.nanoTime() - began) / 1_000_000 < PROMPT_MILLIS ? 1 : 0;
            } catch (IOException e) {
                System.out.println("no new connection: " + e);
                failed++;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
