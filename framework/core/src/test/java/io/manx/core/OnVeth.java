package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.stage.StateMap;
import io.manx.core.view.PipelineView;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.netlink.RtNetlink;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of an engine on a veth of their own; their packets are run through its ingress in the kernel. */
abstract class OnVeth {
    private static final int LAST_BYTE_OF_MAC = 5;

    final String device;

    @TempDir
    Path state;

    RtNetlink network;
    Engine engine;

    /** @param letters of the veth's name, as in {@link OwnNames} */
    OnVeth(String letters) {
        device = OwnNames.of(letters);
    }

    @BeforeEach
    void makeVethAndEngine() throws Exception {
        ip("link", "delete", device);
        assertThat(ip("link", "add", device, "type", "veth", "peer", "name", device + "p")).isZero();
        network = new RtNetlink();
        engine = newEngine();
    }

    @AfterEach
    void closeEngineAndDeleteVeth() throws Exception {
        engine.close();
        network.close();
        ip("link", "delete", device);
    }

    Engine newEngine() {
        return new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(device)), network);
    }

    void begin(StageDescriptor... stages) {
        Stream.of(stages).forEach(engine::offer);
        engine.start();
    }

    PipelineView pipeline() {
        return engine.view().pipelines().stream()
                .filter(pipeline -> pipeline.interfaceName().equals(device) && pipeline.hook().equals("tc-ingress"))
                .findFirst()
                .orElseThrow();
    }

    /** Names of the first lane's stages. */
    List<String> chain() {
        return pipeline().lanes().first().stream().map(StageRow::name).toList();
    }

    static List<String> counts(List<StageRow> lane) {
        return lane.stream().map(row -> row.name() + " " + row.packets()).toList();
    }

    /** @param lane that the stage split sends them to. @return what became of the last of so many packets */
    int send(int lane, int packets) {
        int id = engine.view().programs().stream()
                .filter(program -> program.stage().equals("entry " + device + " tc-ingress"))
                .findFirst()
                .orElseThrow()
                .id();
        byte[] packet = new byte[64];
        packet[LAST_BYTE_OF_MAC] = (byte) lane;
        try (BpfProgram entry = BpfProgram.byId(id)) {
            return entry.run(packet, packets).returned();
        }
    }

    /** By the stage's own counter. */
    long seen(String stage) {
        StateMap map = engine.view().map("bundle." + stage + "/seen");
        return map.get(map.key().allocate()).orElseThrow().getLong(0);
    }
}
