package io.manx.conntrack;

import io.manx.api.layout.Layout;
import io.manx.api.resource.FelixConfiguration.ConntrackTimeouts;
import io.manx.api.resource.Resources;
import io.manx.api.resource.Settings;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import io.manx.conntrack.Timeouts.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;

/**
 * What the user sets of conntrack: {@code struct config} of config.h.
 *
 * @param pickup whether the middle of an unknown TCP connection is judged as new; else it is dropped
 * @param windowChecks whether TCP segments out of the window are dropped
 */
record Config(Timeouts timeouts, boolean pickup, boolean windowChecks) {
    static Config defaults(StageContext context) {
        return new Config(Timeouts.defaults(context::constant), true, true);
    }

    /** What the resources ask, and the defaults for all else. */
    static Config of(Resources resources, StageContext context) {
        ConntrackTimeouts asked = resources.felixConfiguration().bpfConntrackTimeouts();
        Settings.Conntrack settings = resources.settings().conntrack();
        Timeouts timeouts = defaults(context)
                .timeouts()
                .with(Kind.CREATION_GRACE_PERIOD, asked.creationGracePeriod())
                .with(Kind.TCP_SYN_SENT, asked.tcpSynSent())
                .with(Kind.TCP_ESTABLISHED, asked.tcpEstablished())
                .with(Kind.TCP_FINS_SEEN, asked.tcpFinsSeen())
                .with(Kind.TCP_RESET_SEEN, asked.tcpResetSeen())
                .with(Kind.UDP, asked.udpTimeout())
                .with(Kind.UDP_REPLIED, settings.udpReplied())
                .with(Kind.UDP_STREAM, settings.udpStream())
                .with(Kind.ICMP, asked.icmpTimeout())
                .with(Kind.GENERIC, asked.genericTimeout());
        return new Config(timeouts, settings.pickup(), settings.windowChecks());
    }

    /** @throws IllegalArgumentException some of it is not allowed: what, and what is */
    void check() {
        List<String> faults = timeouts.faults();
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("conntrack: " + String.join("; ", faults) + "; the settings before stay");
        }
    }

    /**
     * In force with the next packet, all of it at once for most: the map's value is written in one call. Meanwhile no flow
     * counts as awake, so each packet takes the closer look.
     */
    void writeTo(StageContext context) {
        writeTo(context.map("conntrack_config"), context.map("manx_awake"));
    }

    void writeTo(StateMap map, StateMap awake) {
        writeAwake(awake, 0);
        write(map);
        writeAwake(awake, timeouts.shortest().toNanos());
    }

    /** As {@code manx_awake} of awake.h. */
    private static void writeAwake(StateMap map, long nanos) {
        map.put(
                map.key().allocate(),
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, nanos));
    }

    private void write(StateMap map) {
        Layout layout = map.value();
        ByteBuffer value = layout.allocate();
        for (Kind kind : Kind.values()) {
            layout.field("timeouts." + kind.name().toLowerCase(Locale.ROOT))
                    .set(value, timeouts.of(kind).toNanos());
        }
        layout.field("timeouts.shortest").set(value, timeouts.shortest().toNanos());
        layout.field("pickup").set(value, pickup ? 1 : 0);
        layout.field("window_checks").set(value, windowChecks ? 1 : 0);
        map.put(map.key().allocate(), value);
    }
}
