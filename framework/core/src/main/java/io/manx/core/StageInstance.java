package io.manx.core;

import io.manx.api.layout.Layout;
import io.manx.api.network.KernelNetwork;
import io.manx.api.resource.Resources;
import io.manx.api.stage.EventStream;
import io.manx.api.stage.MapWalk;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import io.manx.api.stage.StateMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.MapIterator;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.ProgramType;
import io.manx.libbpf.RingBuffer;
import java.util.Optional;

/** A stage in use: its descriptor, its control, and whichever object holds its program in this generation. */
final class StageInstance implements StageContext {
    /** What an instance asks of the engine. */
    interface Host {
        void idleChanged();

        void rejudge();

        KernelNetwork network();

        StateMap map(String name, MapSpec spec);
    }

    private static final int TEST_PACKET_BYTES = 64;

    private final StageDescriptor descriptor;
    private final Optional<StageControl> control;
    private final Host host;
    private BpfObject object;
    private String failure;
    private volatile boolean idle;

    StageInstance(StageDescriptor descriptor, Optional<StageControl> control, Host host) {
        this.descriptor = descriptor;
        this.control = control;
        this.host = host;
    }

    StageDescriptor descriptor() {
        return descriptor;
    }

    boolean isIdle() {
        return idle;
    }

    /**
     * Programs run from this object from now on; the one before may be closed when this returns.
     *
     * @return whether there was one before
     */
    synchronized boolean use(BpfObject next) {
        boolean again = object != null;
        object = next;
        return again;
    }

    /** Tells the control, and gives it what the user wants now, before any packet. */
    void loaded(Resources resources) throws Exception {
        if (control.isPresent()) {
            control.get().loaded(this);
            control.get().resources(resources);
        }
    }

    void resources(Resources resources) throws Exception {
        if (control.isPresent()) {
            try {
                control.get().resources(resources);
            } catch (Exception | LinkageError e) {
                failure = Failure.why(e);
                throw e;
            }
        }
    }

    /** What its control said when it last refused resources that came after it was loaded. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** No packet reaches it; if it is loaded again, its control is told from the start. */
    void unloaded() {
        use(null);
        control.ifPresent(StageControl::unloaded);
    }

    @Override
    public StateMap map(String name) {
        MapSpec declared = spec().maps().stream()
                .filter(map -> map.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the object of stage " + descriptor + " declares no map " + name));
        return host.map(MapStore.nameOf(descriptor.bundle(), name), declared);
    }

    /** Of the object in use. */
    ObjectSpec spec() {
        return current().spec();
    }

    @Override
    public Layout struct(String tag) {
        return current().spec().btf().struct(tag);
    }

    @Override
    public long constant(String enumerator) {
        return current().spec()
                .btf()
                .constant(enumerator)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the object of stage " + descriptor + " has no enumerator " + enumerator));
    }

    @Override
    public synchronized int run(String program) {
        BpfProgram helper = object.program(program);
        return helper.info().type() == ProgramType.SYSCALL
                ? helper.call()
                : helper.run(new byte[TEST_PACKET_BYTES]).returned();
    }

    @Override
    public synchronized MapWalk walk(String program, String map) {
        return MapIterator.open(object.program(program), object.map(map));
    }

    @Override
    public synchronized EventStream events(String map) {
        return RingBuffer.open(object.map(map));
    }

    @Override
    public void idle(boolean nowIdle) {
        if (idle != nowIdle) {
            idle = nowIdle;
            host.idleChanged();
        }
    }

    @Override
    public void rejudge() {
        host.rejudge();
    }

    @Override
    public KernelNetwork network() {
        return host.network();
    }

    private synchronized BpfObject current() {
        return object;
    }
}
