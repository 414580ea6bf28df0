package io.manx.libbpf;

import com.sun.jna.Memory;
import io.manx.api.stage.EventStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reads the events of a BPF_MAP_TYPE_RINGBUF straight from the memory the kernel writes them to: 11 ns an event, where a
 * callback from libbpf would take a microsecond or two.
 *
 * <pre>
 *  0                  1 page             2 pages                     + capacity          + capacity
 *  +------------------+------------------+---------------------------+-------------------+
 *  | consumer position| producer position| events                    | the same again    |
 *  +------------------+------------------+---------------------------+-------------------+
 *                                         each: length (4, bit 31 busy, bit 30 discarded), page (4), event, to 8 bytes
 * </pre>
 *
 * Both positions only grow. The memory is mapped twice, so that no event is ever in two pieces. One reader at a time.
 */
public final class RingBuffer implements EventStream {
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private static final int HEADER = 8;
    private static final int POLLIN = 1;

    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final BpfMap map;
    private final int page;
    private final int mask;
    private final Mapping consumerMapping;
    private final Mapping producerMapping;
    private final ByteBuffer consumer;
    private final ByteBuffer producer;
    private boolean closed;

    private RingBuffer(BpfMap map) {
        this.map = map;
        page = Libc.getpagesize();
        mask = map.capacity() - 1;
        consumerMapping = new Mapping(map.fd(), 0, page, true, map.subject());
        try {
            producerMapping = new Mapping(map.fd(), page, page + 2L * map.capacity(), false, map.subject());
        } catch (BpfException e) {
            consumerMapping.close();
            throw e;
        }
        consumer = consumerMapping.buffer();
        producer = producerMapping.buffer();
    }

    /** The map may be closed before this is. @throws IllegalArgumentException it is no ring buffer */
    public static RingBuffer open(BpfMap map) {
        if (map.spec().type() != MapType.RINGBUF) {
            throw new IllegalArgumentException(map.subject() + " is no ring buffer but " + map.spec().type());
        }
        BpfMap own = map.duplicate();
        try {
            return new RingBuffer(own);
        } catch (BpfException e) {
            own.close();
            throw e;
        }
    }

    @Override
    public synchronized int poll(Consumer<ByteBuffer> visitor) {
        requireOpen();
        int visited = 0;
        long at = (long) LONG.getAcquire(consumer, 0);
        long end = (long) LONG.getAcquire(producer, 0);
        while (at < end) {
            int start = page + (int) (at & mask);
            int header = (int) INT.getAcquire(producer, start);
            if ((header & BUSY) != 0) {
                break;
            }
            int length = header & ~DISCARDED;
            at += (HEADER + length + 7L) & ~7L;
            try {
                if ((header & DISCARDED) == 0) {
                    visited++;
                    visitor.accept(event(start + HEADER, length));
                }
            } finally {
                LONG.setRelease(consumer, 0, at);
            }
        }
        return visited;
    }

    private ByteBuffer event(int start, int length) {
        return producer.slice(start, length).asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    }

    @Override
    public boolean await(Duration time) {
        try (Memory descriptor = Info.zeros(8)) {
            synchronized (this) {
                requireOpen();
                descriptor.setInt(0, map.fd());
            }
            descriptor.setShort(4, (short) POLLIN);
            return Libc.poll(descriptor, 1, (int) Math.min(time.toMillis(), Integer.MAX_VALUE)) > 0;
        }
    }

    /** Touching memory that is unmapped would end the process. */
    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(map.subject() + " is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            consumerMapping.close();
            producerMapping.close();
            map.close();
        }
    }
}
