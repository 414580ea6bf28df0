package io.manx.conntrack;

import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What happened to the flow tables since they were made: {@code enum conntrack_count} of counts.h. */
final class Counts {
    private final StageContext context;

    Counts(StageContext context) {
        this.context = context;
    }

    /** Of all CPUs. @param name of the enumerator, without {@code COUNT_} */
    long of(String name) {
        StateMap map = context.map("conntrack_counts");
        ByteBuffer key = map.key().allocate();
        key.order(ByteOrder.nativeOrder()).putInt(0, (int) context.constant("COUNT_" + name));
        ByteBuffer values = map.get(key).orElseThrow();
        long sum = 0;
        for (int at = 0; at < values.limit(); at += Long.BYTES) {
            sum += values.getLong(at);
        }
        return sum;
    }
}
