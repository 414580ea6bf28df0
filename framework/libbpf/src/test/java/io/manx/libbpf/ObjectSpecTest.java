package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ObjectSpecTest {
    private final ObjectSpec spec = Objects.spec("maps.bpf.o");

    @Test
    void refusesTextAsAnObject() {
        byte[] text = "#!/bin/sh\necho no object\n".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> ObjectSpec.parse("script.o", text))
                .isInstanceOf(BpfException.class)
                .hasMessageStartingWith("script.o: is no BPF object: ");
    }

    @Test
    void refusesAnEmptyFile() {
        assertThatThrownBy(() -> ObjectSpec.parse("empty.o", new byte[0]))
                .isInstanceOf(BpfException.class)
                .hasMessage("empty.o: is no BPF object: it is empty");
    }

    @Test
    void refusesAnElfThatIsCutShort() {
        byte[] whole = Objects.bytes("maps.bpf.o");
        byte[] half = Arrays.copyOf(whole, whole.length / 2);

        assertThatThrownBy(() -> ObjectSpec.parse("half.o", half)).isInstanceOf(BpfException.class);
    }

    @Test
    void hasTheDigestOfItsFile() throws Exception {
        Process sum = new ProcessBuilder("sha256sum").start();
        try (OutputStream file = sum.getOutputStream()) {
            file.write(Objects.bytes("maps.bpf.o"));
        }

        assertThat(new String(sum.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).startsWith(spec.sha256() + " ");
    }

    @Test
    void namesItsPrograms() {
        assertThat(spec.programs())
                .containsExactly(
                        new ProgramSpec("count", "tc", ProgramType.TC),
                        new ProgramSpec("call", "tc", ProgramType.TC),
                        new ProgramSpec("touch", "tc", ProgramType.TC));
    }

    @Test
    void describesItsMapsWithoutTheSections() {
        assertThat(spec.maps()).extracting(MapSpec::name).contains("hash", "programs").noneMatch(n -> n.contains("."));
        MapSpec hash = map("hash");
        assertThat(hash.type()).isEqualTo(MapType.HASH);
        assertThat(hash.keySize()).isEqualTo(4);
        assertThat(hash.valueSize()).isEqualTo(40);
        assertThat(hash.maxEntries()).isEqualTo(8);
        assertThat(hash.keyLayout().field("value").type()).isEqualTo("__u32");
        assertThat(hash.valueLayout().name()).isEqualTo("visit");
        assertThat(map("lpm").flags()).isEqualTo(1);
        assertThat(map("programs").valueLayout().field("value").size()).isEqualTo(4);
    }

    @Test
    void listsItsSettingsWithTheirDescriptions() {
        assertThat(spec.settings())
                .contains(
                        new Setting("answer", "__u32", 4, "what the program returns", 42),
                        new Setting("port", "__be16", 2, "of whom it is about", 80),
                        new Setting("paint", "enum colour", 4, "", 7));
    }

    private MapSpec map(String name) {
        return spec.maps().stream().filter(map -> map.name().equals(name)).findFirst().orElseThrow();
    }
}
