package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BpfObjectTest {
    private final ObjectSpec spec = Objects.spec("maps.bpf.o");

    @Test
    void refusesASettingTheObjectDoesNotHave() {
        assertThatThrownBy(() -> spec.load(new LoadOptions().setting("anwser", 1)))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("maps.bpf.o: has no setting anwser; it has [")
                .hasMessageContaining("answer, port, paint");
    }

    @Test
    void refusesASettingThatDoesNotFit() {
        assertThatThrownBy(() -> spec.load(new LoadOptions().setting("port", 70000)))
                .isInstanceOf(BpfException.class)
                .hasMessage("maps.bpf.o: setting port cannot hold 70000: it has 2 bytes");
    }

    @Test
    void refusesToShareAMapThatDiffers() {
        try (BpfObject first = spec.load(new LoadOptions().maxEntries("hash", 16))) {
            assertThatThrownBy(() -> spec.load(new LoadOptions().reuse("hash", first.map("hash"))))
                    .isInstanceOf(BpfException.class)
                    .hasMessage("maps.bpf.o: map hash: cannot share the one in the kernel: "
                            + "max_entries is 16 there, 8 here");
            assertThatThrownBy(() -> spec.load(new LoadOptions().reuse("lru", first.map("array"))))
                    .hasMessageContaining("type is ARRAY there, LRU_HASH here");
            assertThatThrownBy(() -> spec.load(new LoadOptions().reuse("nothing", first.map("array"))))
                    .hasMessageContaining("has no map nothing; it has [");
        }
    }

    @Test
    void saysWhyTheVerifierRefused() {
        BpfException refusal = catchThrowableOfType(BpfException.class, () -> Objects.load("refused.bpf.o"));

        assertThat(refusal.getMessage())
                .isEqualTo("refused.bpf.o: program careless: refused: "
                        + "R0 invalid mem access 'map_value_or_null' (refused.bpf.c:17)");
        assertThat(refusal.errno()).isEqualTo(13);
        assertThat(refusal.call()).isEqualTo("bpf_prog_load");
        assertThat(refusal.verifierLine()).hasValueSatisfying(line -> assertThat(line).startsWith("R0 invalid"));
        assertThat(refusal.verifierLog()).hasValueSatisfying(log -> assertThat(log).contains("processed "));
    }

    @Test
    void namesTheMapTheKernelRefuses() {
        assertThatThrownBy(() -> spec.load(new LoadOptions().maxEntries("percpu_array", -1)))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("maps.bpf.o: cannot be loaded: map 'percpu_array'");
    }

    @Test
    void opensAProgramByItsNumber() {
        try (BpfObject object = Objects.load("maps.bpf.o")) {
            int id = object.program("count").info().id();

            try (BpfProgram again = BpfProgram.byId(id)) {
                assertThat(again.info().id()).isEqualTo(id);
                assertThat(again.name()).isEqualTo("count");
                assertThat(again.run(Objects.PACKET).returned()).isEqualTo(42);
            }
        }
    }

    @Test
    void namesTheNumberThatNoProgramHas() {
        assertThatThrownBy(() -> BpfProgram.byId(Integer.MAX_VALUE))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("program " + Integer.MAX_VALUE);
    }

    @Test
    void runsAProgramOnAPacket() {
        try (BpfObject object = Objects.load("maps.bpf.o")) {
            TestRun run = object.program("count").run(Objects.PACKET);

            assertThat(run.returned()).isEqualTo(42);
            assertThat(run.packet()).isEqualTo(Objects.PACKET);
            BpfMap hash = object.map("hash");
            ByteBuffer visit = hash.get(Objects.u32(64)).orElseThrow();
            assertThat(hash.value().field("packets").get(visit)).isEqualTo(1);
            assertThat(hash.value().field("last[1].port").get(visit)).isEqualTo(80);
            assertThat(hash.value().field("colour").get(visit)).isEqualTo(7);
        }
    }

    @Test
    void repeatsARun() {
        try (BpfObject object = Objects.load("maps.bpf.o")) {
            TestRun run = object.program("count").run(Objects.PACKET, 1000);

            assertThat(run.nanos()).isPositive();
            BpfMap hash = object.map("hash");
            assertThat(hash.value().field("packets").get(hash.get(Objects.u32(64)).orElseThrow())).isEqualTo(1000);
        }
    }

    @Test
    void loadsTheSameSpecWithOtherSettings() {
        try (BpfObject seven = spec.load(new LoadOptions().setting("answer", 7).setting("port", 443));
                BpfObject asWritten = spec.load(new LoadOptions())) {
            assertThat(seven.program("count").run(Objects.PACKET).returned()).isEqualTo(7);
            assertThat(asWritten.program("count").run(Objects.PACKET).returned()).isEqualTo(42);
            ByteBuffer visit = seven.map("hash").get(Objects.u32(64)).orElseThrow();
            assertThat(seven.map("hash").value().field("last[1].port").get(visit)).isEqualTo(443);
        }
    }

    @Test
    void sharesAMapWithAnotherObject() {
        try (BpfObject first = spec.load(new LoadOptions());
                BpfObject second = spec.load(new LoadOptions().reuse("hash", first.map("hash")))) {
            second.program("count").run(Objects.PACKET);

            assertThat(first.map("hash").get(Objects.u32(64))).isPresent();
            assertThat(second.map("hash").info().id()).isEqualTo(first.map("hash").info().id());
        }
    }

    @Test
    void tellsWhatTheKernelMadeOfAProgram() {
        try (BpfObject object = Objects.load("maps.bpf.o")) {
            ProgramInfo info = object.program("count").info();

            assertThat(info.name()).isEqualTo("count");
            assertThat(info.type()).isEqualTo(ProgramType.TC);
            assertThat(info.tag()).matches("[0-9a-f]{16}");
            assertThat(info.instructions()).isGreaterThan(10);
            assertThat(info.verifiedInstructions()).isGreaterThan(10);
            assertThat(info.mapIds()).contains(object.map("hash").info().id());
            assertThat(object.program("count").jited()).hasSize(info.jitedBytes()).isNotEmpty();
        }
    }

    @Test
    void passesTheMarkOfAPacket() {
        try (BpfObject object = Objects.load("maps.bpf.o")) {
            byte[] context = new byte[192];
            context[8] = 5;

            TestRun run = object.program("touch").run(Objects.PACKET, 1, context);

            assertThat(run.context()[8]).isEqualTo((byte) 5);
        }
    }
}
