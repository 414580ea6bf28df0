package io.manx.bench.programs;

import io.manx.bench.lab.Flows;
import io.manx.bench.lab.Repeater;
import io.manx.bench.lab.Template;
import io.manx.libbpf.BpfProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes flows established by what makes them so anywhere: their first packets, there and back, through the pipeline. */
public final class Opening {
    /** Flows that are half open at a time: more look like a flood. */
    private static final int AT_ONCE = 200;

    /** Where the packets of a port begin; the caller of it closes what it gives. */
    @FunctionalInterface
    public interface Ingress {
        BpfProgram of(String port) throws IOException;
    }

    private Opening() {}

    /** @throws IllegalStateException one of the packets was not forwarded */
    public static void of(Conversation conversation, Flows flows, Ingress ingress) throws IOException {
        List<Repeater> packets = new ArrayList<>();
        try {
            for (Template packet : conversation.opening()) {
                Repeater repeated = new Repeater(packet, flows.inTurn());
                packets.add(repeated);
                try (BpfProgram program = ingress.of(packet.port())) {
                    repeated.aim(program);
                }
            }
            for (int opened = 0; opened < flows.number(); opened += AT_ONCE) {
                int some = Math.min(AT_ONCE, flows.number() - opened);
                packets.forEach(packet -> pass(conversation, packet, some));
            }
        } finally {
            packets.forEach(Repeater::close);
        }
    }

    private static void pass(Conversation conversation, Repeater packet, int flows) {
        int returned = packet.run(flows).returned();
        if (returned != Lane.REDIRECT) {
            throw new IllegalStateException(
                    "a packet of the opening of " + conversation.name() + " ended with " + returned + ", not with a redirect");
        }
    }
}
