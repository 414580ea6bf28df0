package io.manx.libbpf.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A thread in a network namespace that nobody else is in, and which goes with it. The programs and sockets that the
 * thread makes are in that namespace too.
 */
final class OwnNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private static final class Libc {
        static {
            Native.register(Libc.class, NativeLibrary.getInstance("libc.so.6"));
        }

        static native int unshare(int flags);
    }

    OwnNamespace() throws Exception {
        in(() -> {
            assertThat(Libc.unshare(CLONE_NEWNET)).as("unshare, which takes root").isZero();
            return null;
        });
    }

    <T> T in(Callable<T> work) throws Exception {
        Future<T> future = thread.submit(work);
        return future.get();
    }

    /** Runs {@code ip}. @param input what it reads */
    void ip(String input, String... arguments) throws Exception {
        in(() -> run(input, arguments));
    }

    private static Void run(String input, String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("ip %s: %s", String.join(" ", arguments), output).isZero();
        return null;
    }

    /** Runs {@code ip} with arguments that hold no spaces. */
    void ip(String line) throws Exception {
        ip("", line.split(" "));
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
