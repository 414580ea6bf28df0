package io.manx.parse;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Lets time pass for the stage: what it remembers becomes older. */
record DatagramClock(ParseStage parse) {
    void wait(Duration time) {
        age("datagrams", time, "begun_ns", "last_ns");
        age("held", time, "since_ns");
    }

    private void age(String name, Duration time, String... fields) {
        StateMap map = parse.map(name);
        Layout layout = map.value();
        Map<ByteBuffer, ByteBuffer> entries = new HashMap<>();
        map.forEach(entries::put);
        entries.forEach((key, value) -> {
            for (String field : fields) {
                layout.field(field).set(value, layout.field(field).get(value) - time.toNanos());
            }
            map.put(key, value);
        });
    }
}
