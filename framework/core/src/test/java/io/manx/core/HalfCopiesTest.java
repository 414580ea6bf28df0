package io.manx.core;

import static io.manx.core.Offers.compiled;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.libbpf.BpfMap;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.ObjectSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which pins a start takes for copies that an earlier run did not finish. */
class HalfCopiesTest {
    private static final int PORT = 40_000;

    @TempDir
    Path state;

    private PinRoot pins;
    private MapSpec spec;

    @BeforeEach
    void start() throws IOException {
        pins = PinRoot.of(state);
        Files.createDirectories(pins.maps());
        spec = ObjectSpec.parse("flows1.bpf.o", compiled("flows1.bpf.o").read()).maps().stream()
                .filter(map -> map.name().equals("flows"))
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void stop() {
        pins.remove();
    }

    @Test
    void removesACopyThatNoPacketTook() {
        pin("bundle:flows+flows");
        pin("bundle:flows+flows~next");
        newStore().close();
        assertThat(pins.maps().resolve("bundle:flows+flows~next")).doesNotExist();
        assertThat(flowsIn("bundle:flows+flows")).isOne();
    }

    @Test
    void keepsAMapThatIsNamedNext() {
        pin("bundle:flows+next");
        try (MapStore store = newStore()) {
            assertThat(store.pin("bundle.flows/next")).exists();
        }
        assertThat(flowsIn("bundle:flows+next")).isOne();
    }

    private MapStore newStore() {
        return new MapStore(pins, Steps.NONE);
    }

    private void pin(String name) {
        try (BpfMap map = BpfMap.create(spec)) {
            FlowLab.put(map, PORT, 1, 1);
            map.pin(pins.maps().resolve(name));
        }
    }

    private int flowsIn(String name) {
        try (BpfMap map = BpfMap.open(pins.maps().resolve(name))) {
            AtomicInteger flows = new AtomicInteger();
            map.forEach((key, value) -> flows.incrementAndGet());
            return flows.get();
        }
    }
}
