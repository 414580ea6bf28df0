package io.manx.bench.programs;

import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Lab;
import io.manx.bench.lab.Objects;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import io.manx.testkit.Packets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What Manx's programs are held against: one hand-written program, and the same work called piece by piece. */
public final class Rivals implements AutoCloseable {
    /** As enum chain_link in chain.bpf.c. */
    private static final String[] LINKS = {"parse", "find", "route", "check", "send"};

    private final BpfObject monolith;
    private final BpfObject chain;

    public Rivals() throws IOException {
        this(1);
    }

    /** @param youngFlows that the table of new flows holds, where Manx has one */
    Rivals(int youngFlows) throws IOException {
        monolith = Objects.spec("monolith.bpf.o")
                .load(options().maxEntries("bench_young4", youngFlows).maxEntries("bench_young6", youngFlows));
        ObjectSpec links = Objects.spec("chain.bpf.o");
        chain = links.load(options());
        BpfMap programs = chain.map("bench_links");
        BpfMap order = chain.map("bench_order");
        for (int i = 0; i < LINKS.length; i++) {
            programs.setProgram(i, chain.program("bench_link_" + LINKS[i]));
            order.put(integer(i), integer(i));
        }
    }

    /** Tables as large as Manx's, by the constant that both take from flow.h. */
    private static LoadOptions options() throws IOException {
        byte[] hop6 = Packets.address(Lab.SERVER6).getAddress();
        return new LoadOptions()
                .setting("bench_ifindex", Lab.ifindex(Lab.SERVER_PORT))
                .setting("bench_hop4", word(Packets.address(Lab.SERVER4).getAddress(), 0))
                .setting("bench_hop6_first", word(hop6, 0))
                .setting("bench_hop6_last", word(hop6, 12));
    }

    private static long word(byte[] address, int at) {
        return ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).getInt(at) & 0xffffffffL;
    }

    private static ByteBuffer integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
    }

    BpfProgram monolith() {
        return monolith.program("bench_monolith");
    }

    /** Makes an entry of a flow it does not know. */
    BpfProgram monolithThatMakes() {
        return monolith.program("bench_monolith_makes");
    }

    /** Likewise, in a table that forgets the flow that was unused longest. */
    BpfProgram monolithThatMakesYoung() {
        return monolith.program("bench_monolith_makes_young");
    }

    /** Likewise in the large table; it also counts the flow's packets and bytes, as several CPUs may, and takes one off the TTL. */
    BpfProgram carefulThatMakes() {
        return monolith.program("bench_careful_makes");
    }

    /** Makes an entry of a flow it does not know, and lets that packet go. */
    BpfProgram chain() {
        return chain.program("bench_chain");
    }

    void forgetFlows() {
        for (BpfObject object : List.of(monolith, chain)) {
            object.maps().stream()
                    .filter(map -> map.name().startsWith("bench_flows") || map.name().startsWith("bench_young"))
                    .forEach(Dataplane::empty);
        }
    }

    @Override
    public void close() {
        monolith.close();
        chain.close();
    }
}
