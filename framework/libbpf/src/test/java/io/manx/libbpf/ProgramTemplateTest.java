package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgramTemplateTest {
    private final ObjectSpec spec = Objects.spec("maps.bpf.o");
    private BpfObject first;
    private ProgramTemplate template;

    @BeforeEach
    void load() {
        first = spec.load(new LoadOptions());
        template = spec.template(new LoadOptions(), "count");
    }

    @AfterEach
    void close() {
        first.close();
    }

    @Test
    void refusesAProgramTheObjectDoesNotHave() {
        assertThatThrownBy(() -> spec.template(new LoadOptions(), "cuont"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maps.bpf.o has no program cuont; it has [");
    }

    @Test
    void refusesASettingTheObjectDoesNotHave() {
        assertThatThrownBy(() -> template.load(withMaps(first).setting("anwser", 1)))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("maps.bpf.o: has no setting anwser; it has [");
    }

    @Test
    void refusesToGoWithoutAMapOfTheProgram() {
        long before = Descriptors.open();
        assertThatThrownBy(() -> template.load(new LoadOptions().reuse("hash", first.map("hash"))))
                .isInstanceOf(BpfException.class)
                .hasMessage("maps.bpf.o: program count: is given no map percpu_array; it is given [hash]");
        assertThat(Descriptors.open()).isEqualTo(before);
    }

    @Test
    void loadsWithOtherSettingsEachTime() {
        try (BpfObject seven = template.load(withMaps(first).setting("answer", 7));
                BpfObject asWritten = template.load(withMaps(first))) {
            assertThat(seven.program("count").run(Objects.PACKET).returned()).isEqualTo(7);
            assertThat(asWritten.program("count").run(Objects.PACKET).returned()).isEqualTo(42);
        }
    }

    @Test
    void loadsWithOtherMapsEachTime() {
        try (BpfObject second = spec.load(new LoadOptions());
                BpfObject onSecond = template.load(withMaps(second));
                BpfObject onFirst = template.load(withMaps(first))) {
            onSecond.program("count").run(Objects.PACKET);
            assertThat(first.map("hash").get(Objects.u32(64))).isEmpty();
            assertThat(second.map("hash").get(Objects.u32(64))).isPresent();

            onFirst.program("count").run(Objects.PACKET);
            assertThat(first.map("hash").get(Objects.u32(64))).isPresent();
        }
    }

    @Test
    void isKnownByNameAndHoldsOneDescriptor() {
        long before = Descriptors.open();
        try (BpfObject loaded = template.load(withMaps(first))) {
            ProgramInfo info = loaded.program("count").info();
            ProgramInfo whole = first.program("count").info();

            assertThat(Descriptors.open()).isEqualTo(before + 1);
            assertThat(info.name()).isEqualTo("count");
            assertThat(info.type()).isEqualTo(ProgramType.TC);
            assertThat(info.instructions()).isEqualTo(whole.instructions());
            assertThat(info.jitedBytes()).isEqualTo(whole.jitedBytes());
        }
        assertThat(Descriptors.open()).isEqualTo(before);
    }

    private static LoadOptions withMaps(BpfObject of) {
        return new LoadOptions().reuse("hash", of.map("hash")).reuse("percpu_array", of.map("percpu_array"));
    }
}
