package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PinTest {
    private final PinFolder pins = new PinFolder();
    private final BpfObject object = Objects.load("maps.bpf.o");

    @AfterEach
    void close() {
        object.close();
        pins.close();
    }

    @Test
    void refusesANameThatIsTaken() {
        object.map("hash").pin(pins.pin("name"));

        assertThatThrownBy(() -> object.map("array").pin(pins.pin("name")))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("map array at " + pins.pin("name"))
                .hasMessageContaining("File exists (17)");
    }

    @Test
    void refusesAPinOfAnotherKind() {
        object.map("hash").pin(pins.pin("map"));
        object.program("count").pin(pins.pin("program"));

        assertThatThrownBy(() -> BpfProgram.open(pins.pin("map"))).hasMessageContaining("is no bpf-prog");
        assertThatThrownBy(() -> BpfMap.open(pins.pin("program"))).hasMessageContaining("is no bpf-map");
    }

    @Test
    void tellsWhereABpffsIs() {
        assertThat(Bpffs.isMounted(pins.path())).isTrue();
        assertThat(Bpffs.isMounted(Path.of("/proc"))).isFalse();
        assertThat(Bpffs.isMounted(pins.pin("nothing"))).isFalse();
        assertThatThrownBy(() -> Bpffs.mount(pins.pin("nothing"))).isInstanceOf(BpfException.class);
    }

    @Test
    void opensAMapWithItsTypes() {
        object.map("hash").pin(pins.pin("hash"));
        object.program("count").run(Objects.PACKET);

        try (BpfMap hash = BpfMap.open(pins.pin("hash"))) {
            assertThat(hash.name()).isEqualTo("hash");
            assertThat(hash.value().fields()).isEqualTo(object.map("hash").value().fields());
            assertThat(hash.get(Objects.u32(64)))
                    .hasValueSatisfying(value -> assertThat(hash.value().field("packets").get(value)).isEqualTo(1));
        }
    }

    @Test
    void keepsAProgramAfterItsObjectIsClosed() {
        object.program("count").pin(pins.pin("program"));
        object.close();

        try (BpfProgram program = BpfProgram.open(pins.pin("program"))) {
            assertThat(program.name()).isEqualTo("count");
            assertThat(program.run(Objects.PACKET).returned()).isEqualTo(42);
        }
    }
}
