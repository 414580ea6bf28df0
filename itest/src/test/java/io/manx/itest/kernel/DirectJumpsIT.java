package io.manx.itest.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.manx.itest.Home;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import io.manx.testkit.MachineCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every tail call of the default pipelines is a direct jump in the machine code that the kernel runs. */
class DirectJumpsIT {
    private static final Path CONTROL = Path.of("target/test-classes/META-INF/bpf/jumps.bpf.o");
    /** A stage's place in the pipeline is frozen before it is loaded: which one it is makes no difference. */
    private static final int SLOT = 5;

    @BeforeAll
    static void requireAJitThatJumpsDirectly() throws IOException {
        String machine = System.getProperty("os.arch");
        assumeTrue(machine.equals("amd64"), "machine code of x86-64 is read here, not of " + machine);
        assumeTrue(setting("bpf_jit_enable") > 0, "the BPF JIT is off: net.core.bpf_jit_enable");
        assumeTrue(setting("bpf_jit_harden") < 2, "constants are blinded, which makes every tail call indirect: net.core.bpf_jit_harden");
        assumeTrue(
                control("known_row").calls() == 1,
                "this kernel's JIT writes tail calls in a form of before 6.11, which is not recognised here");
    }

    @Test
    void tellsAnIndirectJumpFromADirectOne() throws IOException {
        assertThat(control("any_row")).isEqualTo(new MachineCode(1, 1, control("any_row").jumpsByRegister()));
        assertThat(control("any_row").direct()).isZero();
        assertThat(control("known_row").direct()).isEqualTo(1);
    }

    /** A stage calls the next one of each lane, in either phase; the entry calls the first stage; forward and exit end every packet. */
    @ParameterizedTest(name = "{1} of {0}")
    @CsvSource({
        "io.manx.core, entry, 2",
        "io.manx.core, exit, 0",
        "io.manx.core, entry_xdp, 2",
        "io.manx.core, exit_xdp, 0",
        "io.manx.fastpath, fastpath, 6",
        "io.manx.parse, parse, 6",
        "io.manx.conntrack, conntrack, 6",
        "io.manx.nat, service, 6",
        "io.manx.policy, policy, 6",
        "io.manx.nat, nat, 6",
        "io.manx.routes, routes, 6",
        "io.manx.routes, forward, 0"
    })
    void jumpsDirectly(String bundle, String stage, int calls) throws IOException {
        byte[] elf = entry(Home.jar(bundle), "META-INF/bpf/" + stage + ".bpf.o");
        String program = "manx_" + stage.replace("_xdp", "");

        byte[] code = machineCode(ObjectSpec.parse(stage, elf), program, new LoadOptions().setting("manx_slot", SLOT));

        assertThat(MachineCode.of(code)).as(() -> HexFormat.of().formatHex(code)).isEqualTo(new MachineCode(calls, 0, 0));
    }

    private static MachineCode control(String program) throws IOException {
        ObjectSpec spec = ObjectSpec.parse("jumps.bpf.o", Files.readAllBytes(CONTROL));
        return MachineCode.of(machineCode(spec, program, new LoadOptions()));
    }

    private static byte[] machineCode(ObjectSpec spec, String program, LoadOptions options) {
        try (BpfObject object = spec.load(options)) {
            return object.program(program).jited();
        }
    }

    private static byte[] entry(Path jar, String name) throws IOException {
        try (JarFile file = new JarFile(jar.toFile());
                InputStream in = file.getInputStream(file.getJarEntry(name))) {
            return in.readAllBytes();
        }
    }

    private static int setting(String name) throws IOException {
        return Integer.parseInt(Files.readString(Path.of("/proc/sys/net/core", name)).strip());
    }
}
