package io.manx.bench.lab;

import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.TestRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs a program on a packet over and over, each time on the packet as it was (vary.bpf.c). */
public final class Repeater implements AutoCloseable {
    /** Of struct __sk_buff in bpf.h: up to ifindex, which is the last that is set. */
    private static final int IFINDEX_AT = 40;
    private static final int CONTEXT_BYTES = 192;

    private final Template template;
    private final BpfObject object;
    private final byte[] context;

    public Repeater(Template template, Flows flows) throws IOException {
        this.template = template;
        ObjectSpec spec = Objects.spec("vary.bpf.o");
        object = spec.load(new LoadOptions()
                .setting("bench_flows", flows.number())
                .setting("bench_turn", flows.turn().ordinal())
                .setting("bench_version", template.version())
                .setting("bench_reply", template.reply() ? 1 : 0));
        context = ByteBuffer.allocate(CONTEXT_BYTES).order(ByteOrder.nativeOrder())
                .putInt(IFINDEX_AT, Lab.ifindex(template.port()))
                .array();
        rewind();
    }

    /** The first flow's turn is next. */
    public void rewind() {
        try (BpfMap varied = object.map("bench_varied").duplicate()) {
            ByteBuffer value = varied.value().allocate();
            value.put(varied.value().field("head").offset(), template.bytes(), 0, varied.value().field("head").size());
            varied.put(varied.key().allocate(), value);
        }
    }

    /** What takes the packets from here on. */
    public void aim(BpfProgram program) {
        object.map("bench_target").setProgram(0, program);
    }

    public void aimAtNothing() {
        aim(object.program("bench_empty"));
    }

    /** @return what the program said of the last packet, and the nanoseconds of one, the repeater's own included */
    public TestRun run(int packets) {
        return object.program("bench_vary").run(template.bytes(), packets, context);
    }

    @Override
    public void close() {
        object.close();
    }
}
