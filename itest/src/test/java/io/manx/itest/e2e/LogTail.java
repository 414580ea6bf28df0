package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** What comes into a file from here on. Reads what is new each millisecond, and nothing twice. */
final class LogTail implements AutoCloseable {
    private static final long LONGEST_NANOS = 60_000_000_000L;

    private final RandomAccessFile file;
    private final StringBuilder seen = new StringBuilder();

    LogTail(Path log) throws IOException {
        file = new RandomAccessFile(log.toFile(), "r");
        file.seek(file.length());
    }

    /** Waits until a text has come so often. */
    void await(String text, int times) throws IOException {
        long deadline = System.nanoTime() + LONGEST_NANOS;
        int from = 0;
        int found = 0;
        while (true) {
            int at = seen.indexOf(text, from);
            if (at >= 0) {
                from = at + text.length();
                if (++found == times) {
                    return;
                }
            } else {
                assertThat(System.nanoTime()).as("the log says %s %d times; so far %d", text, times, found).isLessThan(deadline);
                LockSupport.parkNanos(1_000_000);
                read();
            }
        }
    }

    private void read() throws IOException {
        byte[] fresh = new byte[(int) (file.length() - file.getFilePointer())];
        file.readFully(fresh);
        seen.append(new String(fresh, StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
