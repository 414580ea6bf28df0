package io.manx.bench.programs;

import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Flows;
import io.manx.bench.lab.Repeater;
import io.manx.bench.lab.Template;
import io.manx.libbpf.BpfProgram;
import java.io.IOException;

/** Manx's programs on the packets of a conversation: makes its flows known, then measures. */
final class Lane implements AutoCloseable {
    /** As in pkt_cls.h. */
    static final int SHOT = 2;
    static final int REDIRECT = 7;

    private final Dataplane manx;
    private final Conversation conversation;
    private final Flows flows;
    private final Repeater repeater;

    Lane(Dataplane manx, Conversation conversation, Flows flows) throws IOException {
        this.manx = manx;
        this.conversation = conversation;
        this.flows = flows;
        this.repeater = new Repeater(conversation.packet(), flows);
    }

    Repeater repeater() {
        return repeater;
    }

    /** Has every flow's opening pass. @throws IllegalStateException one of its packets was not forwarded */
    void open() throws IOException {
        for (Template packet : conversation.opening()) {
            try (Repeater once = new Repeater(packet, flows.inTurn());
                    BpfProgram entry = manx.ingress(packet.port())) {
                once.aim(entry);
                int returned = once.run(flows.number()).returned();
                if (returned != REDIRECT) {
                    throw new IllegalStateException("a packet of the opening of " + conversation.name() + " was not forwarded: "
                            + returned + "; " + manx.engine().view().drops());
                }
            }
        }
    }

    /**
     * Nanoseconds of one packet, all of them on the established lane.
     *
     * @throws IllegalStateException they were not
     */
    double established(int packets) {
        long before = manx.established(conversation.packet().port());
        double nanos = run(packets, REDIRECT);
        long more = manx.established(conversation.packet().port()) - before;
        if (more != packets) {
            throw new IllegalStateException(
                    more + " of " + packets + " packets of " + conversation.name() + " took the established lane");
        }
        return nanos;
    }

    /** @param verdict which the last packet must get */
    double run(int packets, int verdict) {
        try (BpfProgram entry = manx.ingress(conversation.packet().port())) {
            repeater.aim(entry);
            var run = repeater.run(packets);
            if (run.returned() != verdict) {
                throw new IllegalStateException("packets of " + conversation.name() + " ended with " + run.returned() + ", not "
                        + verdict + "; " + manx.engine().view().drops());
            }
            return run.nanos();
        }
    }

    @Override
    public void close() {
        repeater.close();
    }
}
