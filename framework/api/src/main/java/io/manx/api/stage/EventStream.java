package io.manx.api.stage;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** What programs write to a ring buffer. One reader at a time: each event is read once. */
@ProviderType
public interface EventStream extends AutoCloseable {
    /**
     * Visits the events that are there, in their order, and frees their room.
     *
     * @param visitor is given a read-only view, of no use after its return; an event it fails on counts as read
     * @return how many there were
     * @throws IllegalStateException it is closed
     */
    int poll(Consumer<ByteBuffer> visitor);

    /** Waits until there is an event to read. @return whether there is, or the time was up */
    boolean await(Duration time);

    @Override
    void close();
}
