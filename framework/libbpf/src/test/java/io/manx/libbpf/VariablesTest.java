package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** VARIABLE() of map.h: a map of one entry whose value programs have for a variable. */
class VariablesTest {
    private static long read(BpfObject object, String field) {
        BpfMap map = object.map("tally");
        ByteBuffer value = map.get(map.key().allocate()).orElseThrow();
        return map.value().field(field).get(value);
    }

    private static void write(BpfObject object, String field, long number) {
        BpfMap map = object.map("tally");
        ByteBuffer value = map.get(map.key().allocate()).orElseThrow();
        map.value().field(field).set(value, number);
        map.put(map.key().allocate(), value);
    }

    @Test
    void isTheValueOfItsMap() {
        try (BpfObject object = Objects.load("variables.bpf.o")) {
            assertThat(object.program("add").run(Objects.PACKET).returned()).isEqualTo(1);
            assertThat(object.program("add").run(Objects.PACKET).returned()).isEqualTo(2);
            assertThat(read(object, "packets")).isEqualTo(2);
            assertThat(read(object, "twice")).isEqualTo(4);

            write(object, "packets", 41);
            assertThat(object.program("add").run(Objects.PACKET).returned()).isEqualTo(42);
        }
    }

    @Test
    void isSharedAsItsMapIs() {
        ObjectSpec spec = Objects.spec("variables.bpf.o");
        try (BpfObject first = spec.load(new LoadOptions());
                BpfObject second = spec.load(new LoadOptions().reuse("tally", first.map("tally")))) {
            first.program("add").run(Objects.PACKET);
            assertThat(second.program("add").run(Objects.PACKET).returned()).isEqualTo(2);
            assertThat(read(first, "packets")).isEqualTo(2);
        }
    }

    @Test
    void isLoadedByATemplateToo() {
        ObjectSpec spec = Objects.spec("variables.bpf.o");
        try (BpfObject first = spec.load(new LoadOptions())) {
            LoadOptions options = new LoadOptions().reuse("tally", first.map("tally"));
            try (BpfObject copy = spec.template(options, "add").load(options)) {
                copy.program("add").run(Objects.PACKET);
                assertThat(read(first, "packets")).isEqualTo(1);
            }
        }
    }

    @Test
    void isPinnedWithItsTypes() {
        try (PinFolder folder = new PinFolder();
                BpfObject object = Objects.load("variables.bpf.o")) {
            object.map("tally").pin(folder.path().resolve("tally"));
            try (BpfMap found = BpfMap.open(folder.path().resolve("tally"))) {
                assertThat(found.value().field("twice").offset()).isEqualTo(4);
            }
        }
    }

    @Test
    void refusesAVariableWithoutAMap() {
        assertThatThrownBy(() -> Objects.load("homeless.bpf.o"))
                .isInstanceOf(BpfException.class)
                .hasMessage("homeless.bpf.o: section .data.lost: there is no map lost: declare it by VARIABLE() of map.h");
    }

    /** libbpf would unmap memory that is not its own. */
    @Test
    void refusesAVariableThatIsNotAsLargeAsTheValue() {
        assertThatThrownBy(() -> Objects.load("roomy.bpf.o"))
                .isInstanceOf(BpfException.class)
                .hasMessage("roomy.bpf.o: section .data.roomy: it has 4 bytes, and the value of map roomy has 8: "
                        + "declare it by VARIABLE() of map.h");
    }
}
