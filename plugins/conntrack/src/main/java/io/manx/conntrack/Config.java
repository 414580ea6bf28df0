package io.manx.conntrack;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
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

    /** @throws IllegalArgumentException some of it is not allowed: what, and what is */
    void check() {
        List<String> faults = timeouts.faults();
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("conntrack: " + String.join("; ", faults) + "; the settings before stay");
        }
    }

    /** In force with the next packet, all of it at once for most: the map's value is written in one call. */
    void writeTo(StageContext context) {
        StateMap map = context.map("conntrack_config");
        Layout layout = map.value();
        ByteBuffer value = layout.allocate();
        for (Timeouts.Kind kind : Timeouts.Kind.values()) {
            layout.field("timeouts." + kind.name().toLowerCase(Locale.ROOT))
                    .set(value, timeouts.of(kind).toNanos());
        }
        layout.field("timeouts.shortest").set(value, timeouts.shortest().toNanos());
        layout.field("pickup").set(value, pickup ? 1 : 0);
        layout.field("window_checks").set(value, windowChecks ? 1 : 0);
        map.put(map.key().allocate(), value);
    }
}
