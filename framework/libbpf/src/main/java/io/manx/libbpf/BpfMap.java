package io.manx.libbpf;

import com.sun.jna.Memory;
import io.manx.api.layout.Layout;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/** A map in the kernel, as long as this handle, a pin or a program holds it. Safe for use from several threads. */
public final class BpfMap implements StateMap, AutoCloseable {
    private static final long ANY = 0;
    private static final long NO_EXIST = 1;
    private static final long EXIST = 2;

    private final MapSpec spec;
    private final Descriptor descriptor;
    private final int valueBytes;

    BpfMap(MapSpec spec, Descriptor descriptor) {
        this.spec = spec;
        this.descriptor = descriptor;
        this.valueBytes = spec.type().perCpu() ? Cpus.possible() * perCpuBytes(spec.valueSize()) : spec.valueSize();
    }

    /** Makes an empty one. The kernel keeps the first 15 characters of its name, and is not told its types. */
    public static BpfMap create(MapSpec spec) {
        Library.require();
        String subject = "map " + spec.name();
        try (Memory options = MapOptions.of(spec.flags())) {
            int fd = Libbpf.bpf_map_create(
                    spec.type().number(),
                    MapOptions.kernelName(spec.name()),
                    spec.keySize(),
                    spec.valueSize(),
                    spec.maxEntries(),
                    options);
            return new BpfMap(spec, new Descriptor(Errno.check(fd, "bpf_map_create", subject), subject));
        }
    }

    /** Opens a pin, under the name of the pin. Layouts are the kernel's, where it was given any. */
    public static BpfMap open(Path pin) {
        Descriptor descriptor = Descriptor.open(pin, "bpf-map");
        try {
            MapInfo info = MapInfo.of(descriptor.fd(), "pin " + pin);
            return new BpfMap(KernelTypes.spec(pin.getFileName().toString(), info), descriptor);
        } catch (BpfException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Another handle on the same map. */
    public BpfMap duplicate() {
        return new BpfMap(spec, Descriptor.duplicate(fd(), subject()));
    }

    /** Bytes of one CPU's value in the value of a per-CPU map. */
    public static int perCpuBytes(int valueSize) {
        return (valueSize + 7) / 8 * 8;
    }

    /** @throws IllegalStateException it is closed */
    public int fd() {
        return descriptor.fd();
    }

    public MapSpec spec() {
        return spec;
    }

    public MapInfo info() {
        return MapInfo.of(fd(), subject());
    }

    /** @param path in a bpffs, in a folder that exists. @throws BpfException EEXIST when the name is taken */
    public void pin(Path path) {
        descriptor.pin(path);
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public int capacity() {
        return spec.maxEntries();
    }

    @Override
    public Layout key() {
        return spec.keyLayout();
    }

    /** Of one CPU's value, also in a per-CPU map. */
    @Override
    public Layout value() {
        return spec.valueLayout();
    }

    /** Bytes of a value as {@link #get} gives it: of all CPUs. */
    public int valueBytes() {
        return valueBytes;
    }

    @Override
    public Optional<ByteBuffer> get(ByteBuffer key) {
        byte[] value = new byte[valueBytes];
        int result = Libbpf.bpf_map_lookup_elem(fd(), keyOf(key), value);
        if (result == -Errno.ENOENT) {
            return Optional.empty();
        }
        Errno.check(result, "bpf_map_lookup_elem", subject());
        return Optional.of(ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()));
    }

    @Override
    public void put(ByteBuffer key, ByteBuffer value) {
        int result = Libbpf.bpf_map_update_elem(fd(), keyOf(key), valueOf(value), ANY);
        Errno.check(result, "bpf_map_update_elem", subject());
    }

    /** Writes an entry that is not there yet. @return false: there is one, and it stays as it is */
    public boolean putNew(ByteBuffer key, ByteBuffer value) {
        return putUnless(Errno.EEXIST, key, value, NO_EXIST);
    }

    /** Writes an entry that is there. @return false: there is none, and none is made */
    public boolean replace(ByteBuffer key, ByteBuffer value) {
        return putUnless(Errno.ENOENT, key, value, EXIST);
    }

    private boolean putUnless(int errno, ByteBuffer key, ByteBuffer value, long flags) {
        int result = Libbpf.bpf_map_update_elem(fd(), keyOf(key), valueOf(value), flags);
        if (result == -errno) {
            return false;
        }
        Errno.check(result, "bpf_map_update_elem", subject());
        return true;
    }

    @Override
    public void putAll(Map<ByteBuffer, ByteBuffer> entries) {
        putAll(entries.entrySet());
    }

    /** As {@link #putAll(Map)}, without looking for keys that are twice among them. */
    public void putAll(Collection<Map.Entry<ByteBuffer, ByteBuffer>> entries) {
        new BatchWriter(this).write(entries);
    }

    @Override
    public boolean delete(ByteBuffer key) {
        int result = Libbpf.bpf_map_delete_elem(fd(), keyOf(key));
        if (result == -Errno.ENOENT) {
            return false;
        }
        Errno.check(result, "bpf_map_delete_elem", subject());
        return true;
    }

    @Override
    public void forEach(BiConsumer<ByteBuffer, ByteBuffer> visitor) {
        if (!BatchReader.read(this, visitor)) {
            KeyWalk.read(this, visitor);
        }
    }

    /** Writes one row of a prog array; packets see the old program or the new one, never none. */
    public void setProgram(int row, BpfProgram program) {
        int result = Libbpf.bpf_map_update_elem(fd(), integer(row), integer(program.fd()), ANY);
        Errno.check(result, "bpf_map_update_elem", subject() + ", row " + row + ", " + program);
    }

    /** Empties one row of a prog array. Slow, and packets that come by fall through: not for a live path. */
    public void clearRow(int row) {
        int result = Libbpf.bpf_map_delete_elem(fd(), integer(row));
        if (result != -Errno.ENOENT) {
            Errno.check(result, "bpf_map_delete_elem", subject() + ", row " + row);
        }
    }

    /** The kernel's number of the program in a row of a prog array; empty when the row is. */
    public OptionalInt programId(int row) {
        return get(ByteBuffer.wrap(integer(row)))
                .map(value -> OptionalInt.of(value.getInt(0)))
                .orElseGet(OptionalInt::empty);
    }

    private static byte[] integer(int value) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        return bytes.putInt(value).array();
    }

    byte[] keyOf(ByteBuffer key) {
        return bytes(key, spec.keySize(), "key");
    }

    byte[] valueOf(ByteBuffer value) {
        return bytes(value, valueBytes, "value");
    }

    private byte[] bytes(ByteBuffer buffer, int size, String what) {
        if (buffer.limit() != size) {
            throw new IllegalArgumentException(
                    subject() + ": a " + what + " has " + size + " bytes, not " + buffer.limit());
        }
        byte[] bytes = new byte[size];
        buffer.get(0, bytes);
        return bytes;
    }

    String subject() {
        return "map " + spec.name();
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return subject();
    }
}
