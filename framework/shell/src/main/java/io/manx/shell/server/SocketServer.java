package io.manx.shell.server;

import io.manx.shell.Services;
import io.manx.shell.wire.FrameChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on a Unix socket that only root can open, and holds one conversation a connection. */
final class SocketServer {
    private static final Logger LOG = LoggerFactory.getLogger(SocketServer.class);

    private final Path path;
    private final Services services;
    private final CommandProcessor processor;
    private final ServerSocketChannel listening;
    private final Set<FrameChannel> open = ConcurrentHashMap.newKeySet();

    SocketServer(Path path, Services services, CommandProcessor processor) throws IOException {
        this.path = path.toAbsolutePath();
        this.services = services;
        this.processor = processor;
        this.listening = listen();
        start("manx-socket", this::accept);
    }

    /** Made in a folder nobody else may enter and moved from there, so that it is never open to others. */
    private ServerSocketChannel listen() throws IOException {
        Files.createDirectories(path.getParent());
        Path hidden = Files.createTempDirectory(
                path.getParent(),
                ".manx",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Path made = hidden.resolve("s");
            channel.bind(UnixDomainSocketAddress.of(made));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException("listening on the socket " + path + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(hidden.resolve("s"));
            Files.delete(hidden);
        }
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                FrameChannel channel = new FrameChannel(listening.accept());
                open.add(channel);
                start("manx-client", () -> talk(channel));
            } catch (AsynchronousCloseException e) {
                LOG.debug("the socket is closed", e);
            } catch (IOException e) {
                LOG.error("accepting a client on {}; commands do not work until Manx is started anew", path, e);
                return;
            }
        }
    }

    private void talk(FrameChannel channel) {
        try (channel) {
            new Conversation(channel, services, processor).run();
        } catch (ClosedChannelException e) {
            LOG.debug("the socket is closed", e);
        } catch (IOException e) {
            LOG.debug("a client went away in the middle of a command", e);
        } finally {
            open.remove(channel);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends every conversation and takes the socket away. */
    void close() throws IOException {
        listening.close();
        Files.deleteIfExists(path);
        for (FrameChannel channel : open) {
            channel.close();
        }
    }
}
