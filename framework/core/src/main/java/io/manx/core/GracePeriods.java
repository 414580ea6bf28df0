package io.manx.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The kernel's RCU grace periods, which can be made short for a while.
 *
 * <p>The kernel waits for one each time a program is attached by tcx or taken off, holding its lock on all interfaces: 10
 * to 20 ms, 7 s for 200 interfaces. With {@code /sys/kernel/rcu_expedited} at 1 it asks the CPUs by interrupt instead: 0.1
 * ms. That number is the whole machine's, so it is 1 only while something is attached or detached.
 *
 * <p>Several Manx may do so at a time, and one may be killed at it. Whoever has raised the number says so in a file, and
 * every user of the raised number holds a shared lock on that file, which the kernel takes away from a process that ends.
 * The last user sees that nobody else is left, and puts the number back. A number that was 1 before stays so. {@code
 * /sys/kernel/rcu_normal} at 1 overrides the number: that is for machines whose CPUs must not be interrupted.
 */
public final class GracePeriods {
    /** This machine's. */
    public static final GracePeriods MACHINE =
            new GracePeriods(Path.of("/sys/kernel/rcu_expedited"), Path.of("/run/manx/rcu_expedited"));

    private static final String RAISED = "raised by Manx\n";

    /** Bytes of the file far behind its content, to be locked: one for each change, one for the users. */
    private static final long GUARD = 1 << 20;

    private static final long USERS = GUARD + 1;

    private final Path setting;
    private final Path file;
    private int users;
    private FileChannel channel;
    private FileLock use;

    GracePeriods(Path setting, Path file) {
        this.setting = setting;
        this.file = file;
    }

    /** While one is open grace periods are short. To be closed once. */
    public interface Short extends AutoCloseable {
        /** @throws IOException the number can't be put back; it stays raised until {@link #mend} can */
        @Override
        void close() throws IOException;
    }

    /**
     * @throws IOException this kernel, or this container, does not let us: all works as well, and takes longer; nothing has
     *     to be closed then
     */
    public synchronized Short shorten() throws IOException {
        if (users == 0) {
            begin();
        }
        users++;
        return this::end;
    }

    private void begin() throws IOException {
        channel = open();
        try {
            guarded(channel, () -> {
                use = channel.lock(USERS, 1, true);
                return !isRaised() && raise();
            });
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private synchronized void end() throws IOException {
        users--;
        if (users == 0) {
            try (FileChannel closing = channel) {
                guarded(closing, () -> {
                    use.release();
                    return unlessUsed(closing, this::lower);
                });
            }
        }
    }

    /** Whether a Manx that was killed has left the number raised. */
    public synchronized boolean isLeftShort() throws IOException {
        return lookAt(said -> said.size() > 0 && isRaised());
    }

    /** Puts the number back if a Manx that was killed has left it raised. @return whether it had */
    public synchronized boolean mend() throws IOException {
        return lookAt(this::lower);
    }

    private boolean lookAt(Look look) throws IOException {
        if (users > 0 || !Files.exists(file)) {
            return false;
        }
        try (FileChannel looking = open()) {
            return guarded(looking, () -> unlessUsed(looking, look));
        }
    }

    private interface Look {
        boolean at(FileChannel file) throws IOException;
    }

    private interface Change {
        boolean make() throws IOException;
    }

    /** One at a time, of all processes. */
    private static boolean guarded(FileChannel file, Change change) throws IOException {
        FileLock guard = file.lock(GUARD, 1, false);
        try {
            return change.make();
        } finally {
            guard.release();
        }
    }

    /** To be called guarded. @return what the look finds; false while another process is a user */
    private static boolean unlessUsed(FileChannel file, Look look) throws IOException {
        FileLock all = file.tryLock(USERS, 1, false);
        if (all == null) {
            return false;
        }
        try {
            return look.at(file);
        } finally {
            all.release();
        }
    }

    /** Said first: killed in between, the number is low and nobody minds. */
    private boolean raise() throws IOException {
        channel.write(ByteBuffer.wrap(RAISED.getBytes(StandardCharsets.US_ASCII)), 0);
        try {
            set(1);
            return true;
        } catch (IOException e) {
            channel.truncate(0);
            throw e;
        }
    }

    /** @return whether the number was raised by Manx, and is no more */
    private boolean lower(FileChannel said) throws IOException {
        if (said.size() == 0) {
            return false;
        }
        boolean raised = isRaised();
        set(0);
        said.truncate(0);
        return raised;
    }

    private FileChannel open() throws IOException {
        Files.createDirectories(file.getParent());
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private boolean isRaised() throws IOException {
        return !Files.readString(setting).strip().equals("0");
    }

    private void set(int value) throws IOException {
        Files.writeString(setting, value + "\n", StandardOpenOption.WRITE);
    }
}
