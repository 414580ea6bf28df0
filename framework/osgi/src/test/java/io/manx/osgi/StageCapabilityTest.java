package io.manx.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.manx.core.StageDescriptor;
import io.manx.core.WhichPackets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** Capabilities of bundles in a framework: a Felix of this test's own. */
class StageCapabilityTest {
    private static final String STAGE = "manx.stage;manx.stage=fastpath;hook=tc;before=parse;object=\"fastpath.bpf.o\"";
    private static final String A = "0123456789abcdef".repeat(4);
    private static final String B = "0123456789ABCDEF".repeat(4);

    @TempDir
    Path folder;

    private Framework framework;

    @BeforeEach
    void start() throws Exception {
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString()));
        framework.start();
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parse", "parse=cafe", "=0123", "parse=0123=4567"})
    void refusesAPartThatIsNoStageAndDigest(String part) throws Exception {
        Bundle bundle = bundle(STAGE + ";stands-for:List<String>=\"conntrack=" + A + "," + part + "\"");

        assertThatThrownBy(() -> stages(bundle))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("bundle test.fastpath: its capability manx.stage is wrong: stands-for: " + part);
    }

    @ParameterizedTest
    @ValueSource(strings = {":List<String>", ":String", ""})
    void readsForWhomAStageStands(String type) throws Exception {
        Bundle bundle = bundle(STAGE + ";stands-for" + type + "=\"parse=" + A + ", conntrack=" + B + "\"");

        StageDescriptor stage = stages(bundle).get(0);
        assertThat(stage.standsFor()).containsExactly(entry("parse", A), entry("conntrack", B));
        assertThat(stage.before()).containsExactly("parse");
        assertThat(stage.packets()).isEqualTo(WhichPackets.EVERY);
    }

    @Test
    void takesAStageThatSaysNothingOfItForOneOfItsOwn() throws Exception {
        assertThat(stages(bundle(STAGE)).get(0).standsFor()).isEmpty();
    }

    private static List<StageDescriptor> stages(Bundle bundle) {
        return StageCapability.stages(bundle, name -> Optional.empty());
    }

    private Bundle bundle(String capability) throws Exception {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, "test.fastpath");
        main.putValue(Constants.PROVIDE_CAPABILITY, capability);
        Path jar = folder.resolve("fastpath.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return framework.getBundleContext().installBundle(jar.toUri().toString());
    }
}
