package io.manx.bench.paths;

import io.manx.bench.lab.Lab;
import io.manx.bench.lab.Objects;
import io.manx.libbpf.Attachment;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.Tcx;
import io.manx.testkit.Packets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A forwarder that looks at nothing: both ports' packets go to the other port (handover.bpf.c). */
final class Handover implements Way.Forwarder {
    private final Lab lab;
    private final String program;
    private final List<AutoCloseable> open = new ArrayList<>();

    private Handover(Lab lab, String program) {
        this.lab = lab;
        this.program = program;
    }

    static Handover toPeer(Lab lab) {
        return new Handover(lab, "bench_to_peer");
    }

    static Handover toNeighbour(Lab lab) {
        return new Handover(lab, "bench_to_neighbour");
    }

    @Override
    public void up() throws IOException {
        ObjectSpec spec = Objects.spec("handover.bpf.o");
        attach(spec, Lab.CLIENT_PORT, Lab.SERVER_PORT, lab.server().mac("eth0"), Lab.SERVER4);
        attach(spec, Lab.SERVER_PORT, Lab.CLIENT_PORT, lab.client().mac("eth0"), Lab.CLIENT4);
    }

    private void attach(ObjectSpec spec, String from, String to, byte[] theirMac, String hop) throws IOException {
        BpfObject object = spec.load(new LoadOptions()
                .setting("bench_out", Lab.ifindex(to))
                .setting("bench_mac_to", number(theirMac))
                .setting("bench_mac_from", number(Lab.mac(to)))
                .setting("bench_hop4", number(Packets.address(hop).getAddress())));
        open.add(object);
        Attachment attachment = Tcx.attach(object.program(program), Lab.ifindex(from), false);
        open.add(attachment);
    }

    /** The bytes as they stand in memory. */
    private static long number(byte[] bytes) {
        ByteBuffer eight = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        return eight.put(bytes).getLong(0);
    }

    @Override
    public void down() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        open.clear();
    }
}
