package io.manx.nat;

import io.manx.api.layout.Addresses;
import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ends flows that have no place among the services any more, so that their next packet is a new flow's.
 *
 * <p>Those are: flows to a backend that its frontend lists no more (one that is listed but not ready keeps its flows), and
 * flows to a frontend's address from the time before there was a frontend. A translated flow's two entries, see flow.h,
 * each tell both frontend and backend, so each is judged by itself.
 */
final class FlowSweep {
    private final List<StateMap> tables;
    private final long toDestination;
    private final long toSource;
    private final String newDestination;
    private final String newSource;

    FlowSweep(StageContext context) {
        tables = Stream.of("manx_flows4", "manx_flows6", "manx_young4", "manx_young6")
                .map(context::map)
                .toList();
        toDestination = context.constant("TRANSLATE_DESTINATION");
        toSource = context.constant("TRANSLATE_SOURCE");
        newDestination = "gateway[" + context.constant("LEG_RESPONDER") + "]";
        newSource = "gateway[" + context.constant("LEG_ORIGINATOR") + "]";
    }

    /** How many entries were deleted. */
    int endThoseWithoutPlaceIn(Catalogue services) {
        int ended = 0;
        for (StateMap table : tables) {
            List<ByteBuffer> stale = new ArrayList<>();
            table.forEach((key, flow) -> {
                if (!hasPlace(new Ends(table, key, flow), services)) {
                    stale.add(key);
                }
            });
            for (ByteBuffer key : stale) {
                ended += table.delete(key) ? 1 : 0;
            }
        }
        return ended;
    }

    boolean findsTranslated() {
        boolean[] found = new boolean[1];
        for (StateMap table : tables) {
            Field translate = table.value().field("translate");
            table.forEach((key, flow) -> found[0] |= translate.get(flow) != 0);
        }
        return found[0];
    }

    private boolean hasPlace(Ends ends, Catalogue services) {
        if (ends.translate == toDestination) {
            return services.lists(ends.responder(), ends.translatedTo());
        }
        if (ends.translate == toSource) {
            Backend frontend = ends.translatedTo();
            Frontend responder = ends.responder();
            return services.lists(
                    new Frontend(frontend.address(), frontend.port(), responder.protocol()),
                    new Backend(responder.address(), responder.port()));
        }
        return !services.has(ends.responder());
    }

    /** The far end of one entry's flow, and what nat makes of it. */
    private final class Ends {
        final long translate;
        private final StateMap table;
        private final ByteBuffer key;
        private final ByteBuffer flow;
        private final String end;

        Ends(StateMap table, ByteBuffer key, ByteBuffer flow) {
            this.table = table;
            this.key = key;
            this.flow = flow;
            Layout value = table.value();
            translate = value.field("translate").get(flow);
            end = value.field("originator_is_b").get(flow) != 0 ? "a" : "b";
        }

        Frontend responder() {
            Layout layout = table.key();
            InetAddress address = Addresses.of(layout.field("addr_" + end).bytes(key));
            return new Frontend(address, port(), (int) layout.field("protocol").get(key));
        }

        /** The new address is in the place of the gateway of the leg that the entry does not translate: flow_new_addr() in flow_entry.h. */
        Backend translatedTo() {
            Layout layout = table.value();
            String place = translate == toDestination ? newDestination : newSource;
            int port = (int) layout.field("new_port").get(flow);
            return new Backend(layout.field(place).address(flow), port != 0 ? port : port());
        }

        private int port() {
            return (int) table.key().field("port_" + end).get(key);
        }
    }
}
