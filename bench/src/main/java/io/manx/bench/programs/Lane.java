package io.manx.bench.programs;

import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Flows;
import io.manx.bench.lab.Repeater;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.TestRun;
import io.manx.testkit.OneCpu;
import java.io.IOException;

/** Manx's programs on the packets of a conversation: makes its flows known, then measures. */
public final class Lane implements AutoCloseable {
    /** As in pkt_cls.h. */
    public static final int SHOT = 2;
    public static final int REDIRECT = 7;
    /** What comes before each sample: between two of them others have had the caches. */
    private static final int WARM = 500;

    private final Dataplane manx;
    private final Conversation conversation;
    private final Flows flows;
    private final Repeater repeater;
    /** As the packets of one flow are that one queue of a network card brings. */
    private final OneCpu cpu = new OneCpu();

    private long before;
    private BpfProgram entry;
    private long sent;

    public Lane(Dataplane manx, Conversation conversation, Flows flows) throws IOException {
        this.manx = manx;
        this.conversation = conversation;
        this.flows = flows;
        this.repeater = new Repeater(conversation.packet(), flows);
        this.entry = manx.ingress(conversation.packet().port());
        this.before = known();
    }

    public Repeater repeater() {
        return repeater;
    }

    /** Has every flow's opening pass. @throws IllegalStateException one of its packets was not forwarded */
    public void open() throws IOException {
        follow();
        Opening.of(conversation, flows, manx::ingress);
        before = known();
        sent = 0;
    }

    /** Nanoseconds of one packet, all of which are to take their known flow's lane: see {@link #check}. */
    public double established(int packets) {
        sent += WARM + packets;
        return run(packets, REDIRECT);
    }

    /** @throws IllegalStateException not all packets of {@link #established} so far have taken that lane */
    public void check() {
        long more = known() - before;
        if (more != sent) {
            throw new IllegalStateException(
                    more + " of " + sent + " packets of " + conversation.name() + " took the lane of their known flow");
        }
    }

    private long known() {
        return manx.known(conversation.packet().port(), conversation.rewritten());
    }

    /** @param verdict which the last packet must get */
    public double run(int packets, int verdict) {
        return run(entry, packets, verdict);
    }

    /** Of any program, after a few packets that bring it back into the caches. */
    public double run(BpfProgram program, int packets, int verdict) {
        repeater.aim(program);
        repeater.run(WARM);
        return measured(packets, verdict);
    }

    /** Of a program that takes each packet for the first time. */
    public double runAtOnce(BpfProgram program, int packets, int verdict) {
        repeater.aim(program);
        return measured(packets, verdict);
    }

    public double empty(int packets) {
        repeater.aimAtNothing();
        repeater.run(WARM);
        return repeater.run(packets).nanos();
    }

    private double measured(int packets, int verdict) {
        TestRun run = repeater.run(packets);
        if (run.returned() != verdict) {
            throw new IllegalStateException("packets of " + conversation.name() + " ended with " + run.returned() + ", not "
                    + verdict + "; Manx dropped " + manx.engine().view().drops());
        }
        return run.nanos();
    }

    public BpfProgram entry() {
        return entry;
    }

    /** To be called once the pipeline is another one. */
    public void follow() {
        entry.close();
        entry = manx.ingress(conversation.packet().port());
    }

    @Override
    public void close() {
        repeater.close();
        entry.close();
        cpu.close();
    }
}
