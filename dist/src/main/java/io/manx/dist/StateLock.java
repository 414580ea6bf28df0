package io.manx.dist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Says that a state folder is in use, and by whom. The kernel takes the lock away when the process ends, however it ends. */
final class StateLock implements AutoCloseable {
    private static final String FILE = "pid";

    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Makes the folder where there is none, for its owner alone. @throws Refusal another process has it, or it can't be made */
    static StateLock take(Path state) throws Refusal, IOException {
        try {
            Files.createDirectories(
                    state, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (AccessDeniedException e) {
            throw new Refusal("the state folder " + state + " can't be made: permission denied", e);
        }
        Path file = state.resolve(FILE);
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new Refusal("a Manx runs on the state folder " + state + " already, as process "
                    + Files.readString(file).strip() + ": stop that one, or give this one another folder with --state DIR");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        return new StateLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
