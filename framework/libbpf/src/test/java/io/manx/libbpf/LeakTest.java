package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Descriptors before and after, over ways that end well and ways that fail. */
class LeakTest {
    private static final int NO_INTERFACE = 0x7ffffff;

    private final ObjectSpec spec = Objects.spec("maps.bpf.o");
    private final ObjectSpec refused = Objects.spec("refused.bpf.o");

    /** Once first: what the library opens for good. */
    private static void leaksNothing(Runnable work) {
        work.run();
        long before = Descriptors.open();
        for (int i = 0; i < 5; i++) {
            work.run();
        }
        assertThat(Descriptors.open()).isEqualTo(before);
    }

    @BeforeEach
    void initialize() {
        Library.require();
    }

    @Test
    void whenTheVerifierRefuses() {
        leaksNothing(() -> assertThatThrownBy(() -> refused.load(new LoadOptions())).isInstanceOf(BpfException.class));
    }

    @Test
    void whenOptionsDoNotFit() {
        try (BpfObject other = spec.load(new LoadOptions().maxEntries("hash", 16))) {
            leaksNothing(() -> {
                assertThatThrownBy(() -> spec.load(new LoadOptions().setting("none", 1)))
                        .isInstanceOf(BpfException.class);
                assertThatThrownBy(() -> spec.load(new LoadOptions().reuse("hash", other.map("hash"))))
                        .isInstanceOf(BpfException.class);
                assertThatThrownBy(() -> spec.load(new LoadOptions().maxEntries("percpu_array", -1)))
                        .isInstanceOf(BpfException.class);
            });
        }
    }

    @Test
    void whenTheFileIsNone() {
        leaksNothing(() -> assertThatThrownBy(() -> ObjectSpec.parse("x", new byte[] {1, 2, 3}))
                .isInstanceOf(BpfException.class));
    }

    @Test
    void whenAttachingFails() {
        try (BpfObject object = spec.load(new LoadOptions())) {
            leaksNothing(() -> {
                assertThatThrownBy(() -> Tcx.attach(object.program("count"), NO_INTERFACE, true))
                        .isInstanceOf(BpfException.class);
                assertThatThrownBy(() -> Clsact.attach(object.program("count"), NO_INTERFACE, true))
                        .isInstanceOf(BpfException.class);
            });
        }
    }

    @Test
    void whenPinsAreOpenedAsWhatTheyAreNot() {
        try (PinFolder pins = new PinFolder();
                BpfObject object = spec.load(new LoadOptions())) {
            object.map("hash").pin(pins.pin("map"));
            leaksNothing(() -> {
                assertThatThrownBy(() -> BpfProgram.open(pins.pin("map"))).isInstanceOf(BpfException.class);
                assertThatThrownBy(() -> Tcx.open(pins.pin("map"))).isInstanceOf(BpfException.class);
                assertThatThrownBy(() -> object.map("hash").pin(pins.pin("map"))).isInstanceOf(BpfException.class);
                BpfMap.open(pins.pin("map")).close();
            });
        }
    }

    @Test
    void whenAllGoesWell() {
        ObjectSpec events = Objects.spec("events.bpf.o");
        leaksNothing(() -> {
            try (BpfObject object = spec.load(new LoadOptions());
                    BpfObject second = spec.load(new LoadOptions().reuse("hash", object.map("hash")));
                    BpfObject reporting = events.load(new LoadOptions());
                    RingBuffer ring = RingBuffer.open(reporting.map("events"))) {
                second.program("count").run(Objects.PACKET);
                second.map("programs").setProgram(0, object.program("count"));
                ring.await(Duration.ZERO);
                second.maps().forEach(map -> map.duplicate().close());
            }
        });
    }

    @Test
    void whenAttachedAndDetached() {
        OwnNetwork.run(() -> {
            int ifindex = OwnNetwork.veth("manx-libbpf0", "192.0.2.1/24", "192.0.2.2");
            try (BpfObject object = spec.load(new LoadOptions())) {
                leaksNothing(() -> {
                    try (Attachment link = Tcx.attach(object.program("count"), ifindex, true)) {
                        link.detach();
                    }
                    Clsact.attach(object.program("count"), ifindex, true).detach();
                });
            }
        });
    }
}
