package io.manx.itest.conntrack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A program: says again what it hears, on as many TCP connections as come. Runs until it is killed. Argument: PORT. */
final class EchoMain {
    private static final int BACKLOG = 1024;

    private EchoMain() {}

    public static void main(String[] arguments) throws IOException {
        ByteBuffer heard = ByteBuffer.allocateDirect(4096);
        try (Selector selector = Selector.open();
                ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(Integer.parseInt(arguments[0])), BACKLOG).configureBlocking(false);
            listening.register(selector, SelectionKey.OP_ACCEPT);
            System.out.println("listening");
            while (true) {
                selector.select(key -> serve(key, selector, heard));
            }
        }
    }

    private static void serve(SelectionKey key, Selector selector, ByteBuffer heard) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
                if (accepted != null) {
                    accepted.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                }
            } else {
                echo((SocketChannel) key.channel(), heard);
            }
        } catch (IOException e) {
            System.out.println("a connection is broken: " + e.getMessage());
            key.cancel();
        }
    }

    /** Words are short: the socket has room for each. */
    private static void echo(SocketChannel connection, ByteBuffer heard) throws IOException {
        if (connection.read(heard.clear()) < 0) {
            connection.close();
            return;
        }
        heard.flip();
        while (heard.hasRemaining()) {
            connection.write(heard);
        }
    }
}
