package io.manx.libbpf;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A network namespace that only one thread is in: it, and all that was made in it, goes with the thread. */
final class OwnNetwork {
    private static final int CLONE_NEWNET = 0x40000000;

    static {
        Native.register(OwnNetwork.class, NativeLibrary.getInstance("libc.so.6"));
    }

    private OwnNetwork() {}

    static native int unshare(int flags);

    static native int if_nametoindex(String name);

    static void run(Runnable test) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                if (unshare(CLONE_NEWNET) < 0) {
                    throw new BpfException("unshare", "network namespace", Native.getLastError());
                }
                test.run();
                done.complete(null);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        thread.start();
        try {
            done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
    }

    /** An interface with a neighbour that takes what it is sent, and never answers. @return its index */
    static int veth(String name, String address, String neighbour) {
        String peer = name + "p";
        ip("link", "add", name, "type", "veth", "peer", "name", peer);
        ip("address", "add", address, "dev", name);
        ip("link", "set", name, "up");
        ip("link", "set", peer, "up");
        ip("neighbour", "add", neighbour, "lladdr", "02:00:00:00:00:02", "dev", name);
        return if_nametoindex(name);
    }

    static void ip(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Commands.run(command);
    }

    /** Runs a program to its end, in the namespaces of the calling thread. */
    static final class Commands {
        private Commands() {}

        static String run(String... command) {
            try {
                Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (process.waitFor() != 0) {
                    throw new IllegalStateException(String.join(" ", command) + ": " + output);
                }
                return output;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
