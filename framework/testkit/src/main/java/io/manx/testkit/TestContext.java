package io.manx.testkit;

import io.manx.api.layout.Layout;
import io.manx.api.network.KernelNetwork;
import io.manx.api.stage.EventStream;
import io.manx.api.stage.MapWalk;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.MapIterator;
import io.manx.libbpf.ProgramType;
import io.manx.libbpf.RingBuffer;
import java.nio.ByteBuffer;

/**
 * A harness's stage as its {@link io.manx.api.stage.StageControl} sees it: the control writes into the maps that the
 * harness's packets then meet. Remembers what the control asked for.
 *
 * <pre>{@code
 * TestContext context = new TestContext(service);
 * control.loaded(context);
 * control.resources(resources);
 * assertThat(service.run(syn).note().address("new_addr")).isEqualTo(BACKEND);
 * }</pre>
 */
public final class TestContext implements StageContext {
    private static final int PACKET_BYTES = 64;
    private static final String EPOCH = "manx_epoch";

    private final StageHarness stage;
    private final KernelNetwork network;
    private volatile boolean idle;
    private volatile int rejudged;

    /** A context without a network. @param stage loaded; the caller closes it */
    public TestContext(StageHarness stage) {
        this(stage, null);
    }

    /** @param stage loaded; the caller closes it */
    public TestContext(StageHarness stage, KernelNetwork network) {
        this.stage = stage;
        this.network = network;
    }

    @Override
    public StateMap map(String name) {
        return stage.map(name);
    }

    @Override
    public Layout struct(String tag) {
        return stage.struct(tag);
    }

    @Override
    public long constant(String enumerator) {
        return stage.constant(enumerator);
    }

    @Override
    public int run(String program) {
        BpfProgram helper = stage.program(program);
        return helper.info().type() == ProgramType.SYSCALL
                ? helper.call()
                : helper.run(new byte[PACKET_BYTES]).returned();
    }

    @Override
    public MapWalk walk(String program, String map) {
        return MapIterator.open(stage.program(program), stage.map(map));
    }

    @Override
    public EventStream events(String map) {
        return RingBuffer.open(stage.map(map));
    }

    @Override
    public void idle(boolean idle) {
        this.idle = idle;
    }

    /** Raises the stage's {@code manx_epoch}, where it declares one. */
    @Override
    public synchronized void rejudge() {
        rejudged++;
        if (stage.declares(EPOCH)) {
            StateMap epoch = stage.map(EPOCH);
            ByteBuffer key = epoch.key().allocate();
            ByteBuffer value = epoch.get(key).orElseThrow();
            epoch.put(key, value.putInt(0, value.getInt(0) + 1));
        }
    }

    @Override
    public KernelNetwork network() {
        if (network == null) {
            throw new IllegalStateException("this test gave its context no network");
        }
        return network;
    }

    /** What the control said last; false before it said anything. */
    public boolean isIdle() {
        return idle;
    }

    /** How often the control raised the epoch. */
    public int rejudged() {
        return rejudged;
    }
}
