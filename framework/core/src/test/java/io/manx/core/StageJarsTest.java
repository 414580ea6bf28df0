package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageJarsTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);
    private static final String CAPABILITIES = "osgi.extender;osgi.extender=\"a,b\",manx.stage;manx.stage=service;version:Version=1.2.0;"
            + "hook=tc;packets=first;after=\"parse,conntrack\";object=\"service.bpf.o\";control=true,"
            + "manx.stage;manx.stage=nat;hook=xdp;before=routes;object=missing.bpf.o;"
            + "stands-for:List<String>=\"routes=" + DIGEST + ",forward=" + DIGEST + "\"";

    @TempDir
    Path folder;

    @Test
    void findsNoneWhereThereIsNoManifestOrNoCapability() throws IOException {
        assertThat(StageJars.of(List.of(jar("plain.jar", null), jar("library.jar", "")), name -> Optional.empty())).isEmpty();
    }

    @Test
    void readsEachStageOfABundle() throws IOException {
        List<StageDescriptor> stages = StageJars.of(List.of(jar("nat.jar", CAPABILITIES)), name -> Optional.empty());

        assertThat(stages).extracting(StageDescriptor::name).containsExactly("service", "nat");
        StageDescriptor service = stages.get(0);
        assertThat(service.bundle()).isEqualTo("test.nat");
        assertThat(service.version()).isEqualTo(Version.parse("1.2.0"));
        assertThat(service.hook()).isEqualTo(Hook.TC);
        assertThat(service.after()).containsExactly("parse", "conntrack");
        assertThat(service.packets()).isEqualTo(WhichPackets.FIRST);
        assertThat(service.needsControl()).isTrue();
        assertThat(service.object().read()).isEqualTo(new byte[] {1, 2, 3});
        StageDescriptor nat = stages.get(1);
        assertThat(nat.hook()).isEqualTo(Hook.XDP);
        assertThat(nat.before()).containsExactly("routes");
        assertThat(nat.packets()).isEqualTo(WhichPackets.EVERY);
        assertThat(service.standsFor()).isEmpty();
        assertThat(nat.standsFor()).containsExactly(entry("routes", DIGEST), entry("forward", DIGEST));
        assertThatThrownBy(() -> nat.object().read())
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("nat.jar has no object missing.bpf.o");
        StageDescriptor next = StageJars.next(nat, "2.0.0", name -> Optional.empty());
        assertThat(next.version()).isEqualTo(Version.parse("2.0.0"));
        assertThat(next.standsFor()).isEqualTo(nat.standsFor());
    }

    /** @param capabilities null for a jar without a manifest, empty for one that provides nothing */
    private Path jar(String name, String capabilities) throws IOException {
        Path jar = folder.resolve(name);
        try (JarOutputStream out = capabilities == null
                ? new JarOutputStream(Files.newOutputStream(jar))
                : new JarOutputStream(Files.newOutputStream(jar), manifest(capabilities))) {
            out.putNextEntry(new ZipEntry("service.bpf.o"));
            out.write(new byte[] {1, 2, 3});
        }
        return jar;
    }

    private static Manifest manifest(String capabilities) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "test.nat");
        if (!capabilities.isEmpty()) {
            manifest.getMainAttributes().putValue("Provide-Capability", capabilities);
        }
        return manifest;
    }
}
