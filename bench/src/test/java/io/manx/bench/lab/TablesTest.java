package io.manx.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.StageDescriptor;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.ObjectSpec;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The monolith has it no easier than Manx: its tables are of the same kind and size. */
class TablesTest {
    @ParameterizedTest
    @ValueSource(strings = {"flows4", "flows6"})
    void areOfTheSameKindAndSizeAsManxes(String table) throws Exception {
        List<StageDescriptor> stages = Stages.onClassPath();
        byte[] conntrack = stages.stream().filter(stage -> stage.name().equals("conntrack")).findFirst().orElseThrow().object().read();

        MapSpec manx = map(ObjectSpec.parse("conntrack.bpf.o", conntrack), "manx_" + table);
        MapSpec monolith = map(Objects.spec("monolith.bpf.o"), "bench_" + table);

        assertThat(monolith.type()).isEqualTo(manx.type());
        assertThat(monolith.flags()).isEqualTo(manx.flags());
        assertThat(monolith.maxEntries()).isEqualTo(manx.maxEntries());
        assertThat(monolith.keySize()).isEqualTo(manx.keySize());
        assertThat(monolith.valueSize()).isEqualTo(manx.valueSize());
    }

    private static MapSpec map(ObjectSpec spec, String name) {
        return spec.maps().stream().filter(map -> map.name().equals(name)).findFirst().orElseThrow();
    }
}
