package io.manx.nat;

import io.manx.api.layout.Layout;
import io.manx.testkit.StageHarness;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Flows as forward would have committed them. */
final class FlowEntries {
    private final StageHarness stage;
    private final String tables;

    FlowEntries(StageHarness stage) {
        this(stage, "manx_flows");
    }

    /** @param tables manx_flows or manx_young: where its flows are put */
    FlowEntries(StageHarness stage, String tables) {
        this.stage = stage;
        this.tables = tables;
    }

    /** A flow that nobody translates. */
    void plain(Sample flow) {
        put(flow, "TRANSLATE_NONE", null);
    }

    /** Both entries of a flow that was translated to {@code backend}. */
    void translated(Sample flow, Backend backend) {
        put(flow, "TRANSLATE_DESTINATION", backend);
        put(
                flow.to(backend.address(), backend.port()),
                "TRANSLATE_SOURCE",
                new Backend(flow.destination(), flow.destinationPort()));
    }

    /** {@code source port -> destination port} of every entry. */
    List<String> left() {
        List<String> left = new ArrayList<>();
        for (String table : List.of("manx_flows4", "manx_flows6", "manx_young4", "manx_young6")) {
            Layout layout = stage.map(table).key();
            stage.map(table).forEach((key, flow) -> {
                String a = Long.toString(layout.field("port_a").get(key));
                String b = Long.toString(layout.field("port_b").get(key));
                boolean originatorIsB = stage.map(table).value().field("originator_is_b").get(flow) != 0;
                left.add(originatorIsB ? b + " -> " + a : a + " -> " + b);
            });
        }
        return left;
    }

    /** The originator is end b where its port is even: the sweep must not care. */
    private void put(Sample flow, String translate, Backend to) {
        var table = stage.map(tables + (flow.isIpv4() ? 4 : 6));
        boolean originatorIsB = flow.sourcePort() % 2 == 0;
        Sample ends = originatorIsB
                ? new Sample(
                        flow.destination(),
                        flow.destinationPort(),
                        flow.source(),
                        flow.sourcePort(),
                        flow.protocol())
                : flow;
        ByteBuffer key = table.key().allocate();
        table.key().field("addr_a").setBytes(key, ends.source().getAddress());
        table.key().field("addr_b").setBytes(key, ends.destination().getAddress());
        table.key().field("port_a").set(key, ends.sourcePort());
        table.key().field("port_b").set(key, ends.destinationPort());
        table.key().field("protocol").set(key, ends.protocol());
        ByteBuffer value = table.value().allocate();
        table.value().field("originator_is_b").set(value, originatorIsB ? 1 : 0);
        table.value().field("translate").set(value, stage.constant(translate));
        if (to != null) {
            String otherLeg = translate.equals("TRANSLATE_DESTINATION") ? "LEG_RESPONDER" : "LEG_ORIGINATOR";
            table.value().field("gateway[" + stage.constant(otherLeg) + "]").setAddress(value, to.address());
            table.value().field("new_port").set(value, to.port() == flow.destinationPort() ? 0 : to.port());
        }
        table.put(key, value);
    }
}
