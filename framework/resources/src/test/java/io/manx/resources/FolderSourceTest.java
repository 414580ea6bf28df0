package io.manx.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that changes: each change is heard within a second, or refused with what is wrong. */
class FolderSourceTest {
    private static final Duration IN_FORCE = Duration.ofSeconds(1);
    private static final int CHANGES = 5;

    /** For a machine with too much to do; how fast a change is heard has a test of its own. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path parent;

    private Path folder;
    private FolderSource source;
    private final Heard heard = new Heard();

    /** What the listener was told, in order: the interfaces of a snapshot, or the problems that refused it. */
    private static final class Heard implements FolderSource.Listener {
        private final BlockingQueue<List<String>> queue = new LinkedBlockingQueue<>();
        private volatile boolean failing;

        @Override
        public void changed(Resources resources) {
            queue.add(interfaces(resources));
            if (failing) {
                throw new IllegalStateException("the kernel said no");
            }
        }

        @Override
        public void refused(List<Problem> problems) {
            queue.add(problems.stream().map(Problem::toString).toList());
        }

        List<String> next() throws InterruptedException {
            return queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** What is heard although nothing should be: null. */
        List<String> more() throws InterruptedException {
            return queue.poll(IN_FORCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(parent.resolve("config"));
        source = new FolderSource(folder, heard);
    }

    @AfterEach
    void close() {
        source.close();
    }

    private static List<String> interfaces(Resources resources) {
        return resources.hostEndpoints().stream().map(HostEndpoint::interfaceName).toList();
    }

    private static String endpoint(String interfaceName) {
        return """
               apiVersion: projectcalico.org/v3
               kind: HostEndpoint
               metadata: {name: %s}
               spec: {interfaceName: %s}
               """
                .formatted(interfaceName, interfaceName);
    }

    private Path write(String name, String text) throws IOException {
        return write(folder.resolve(name), text);
    }

    /** In one step: never seen empty, or half written, however busy the machine is. */
    private static Path write(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling("." + file.getFileName() + ".next"), text);
        return Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void refusesAFolderThatIsNotThere() throws IOException {
        Files.delete(folder);
        assertThatThrownBy(source::load)
                .isInstanceOf(InvalidResourcesException.class)
                .hasMessage("resources in folder %s refused, 1 problem:\n  %s: expected a folder of YAML files, found"
                        + " nothing; make it, or name another with --config", folder, folder);
    }

    @Test
    void refusesAFileInPlaceOfAFolder() throws IOException {
        Files.delete(folder);
        Files.writeString(folder, endpoint("eth0"));
        assertThatThrownBy(source::load).hasMessageContaining("expected a folder of YAML files, found a file");
    }

    @Test
    void refusesWithTheProblemsOfAllFiles() throws IOException {
        write("b.yaml", endpoint("eth0").replace("spec", "spek"));
        write("a.yml", "kind: [\n");
        write("c.yaml", endpoint("eth0"));
        assertThatThrownBy(source::load)
                .isInstanceOfSatisfying(InvalidResourcesException.class, e -> assertThat(e.problems())
                        .extracting(Problem::file)
                        .containsExactly("a.yml", "b.yaml", "b.yaml"))
                .hasMessageContaining("refused, 3 problems:\n  a.yml:2:1: this is not YAML");
    }

    @Test
    void refusesALinkToNothingAndAFileThatIsNoText() throws IOException {
        Files.createSymbolicLink(folder.resolve("a.yaml"), parent.resolve("nothing"));
        Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(source::load)
                .hasMessageContaining("a.yaml: expected a file, found none where this link points")
                .hasMessageContaining("b.yaml: is not in UTF-8");
    }

    @Test
    void refusesToLoadWhileItWatches() {
        source.start();
        assertThatThrownBy(source::load).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesABadChangeOnceAndKeepsWhatWasInForce() throws Exception {
        write("a.yaml", endpoint("eth0"));
        source.load();
        source.start();
        write("bad.yaml", endpoint("eth1").replace("interfaceName", "interface"));
        assertThat(heard.next()).containsExactly(
                "bad.yaml:4:7: spec.interfaceName is missing",
                "bad.yaml:4:8: spec.interface is not a known field, expected one of expectedIPs, interfaceName, node,"
                        + " ports, profiles");
        Files.setLastModifiedTime(folder.resolve("bad.yaml"), FileTime.fromMillis(0));
        assertThat(heard.more()).isNull();
        Files.delete(folder.resolve("bad.yaml"));
        assertThat(heard.next()).containsExactly("eth0");
    }

    @Test
    void readsFilesOfSubfoldersAndPassesOverOtherFiles() throws IOException {
        write("a.yaml", endpoint("eth0"));
        write("b.yml", endpoint("eth1"));
        Files.createDirectory(folder.resolve("more"));
        write("more/c.yaml", endpoint("eth2"));
        write(".a.yaml.swp", "{");
        write(".hidden.yaml", "{");
        write("a.yaml~", "{");
        write("README.md", "{");
        assertThat(interfaces(source.load())).containsExactly("eth0", "eth1", "eth2");
    }

    @Test
    void survivesLinksThatGoRoundInCircles() throws IOException {
        write("a.yaml", endpoint("eth0"));
        Files.createSymbolicLink(folder.resolve("round"), folder);
        assertThat(interfaces(source.load())).containsExactly("eth0");
    }

    @Test
    void tellsWhatTheFolderHoldsWhenNobodyLoadedIt() throws Exception {
        write("a.yaml", endpoint("eth0"));
        source.start();
        assertThat(heard.next()).containsExactly("eth0");
    }

    @Test
    void hearsOfAWriteARenameAndADeletion() throws Exception {
        source.load();
        source.start();
        Path a = Files.writeString(folder.resolve("a.yaml"), endpoint("eth0"));
        assertThat(heard.next()).containsExactly("eth0");
        Path temporary = write(".a.yaml.tmp", endpoint("eth1"));
        Files.move(temporary, a, StandardCopyOption.ATOMIC_MOVE);
        assertThat(heard.next()).containsExactly("eth1");
        Files.delete(a);
        assertThat(heard.next()).isEmpty();
    }

    @Test
    void hearsOfAChangeInASubfolderMadeLater() throws Exception {
        source.load();
        source.start();
        Files.createDirectory(folder.resolve("later"));
        write("later/a.yaml", endpoint("eth0"));
        assertThat(heard.next()).containsExactly("eth0");
        write("later/a.yaml", endpoint("eth1"));
        assertThat(heard.next()).containsExactly("eth1");
    }

    @Test
    void hearsOfAChangeBehindALink() throws Exception {
        Path elsewhere = Files.writeString(parent.resolve("elsewhere"), endpoint("eth0"));
        Files.createSymbolicLink(folder.resolve("a.yaml"), elsewhere);
        assertThat(interfaces(source.load())).containsExactly("eth0");
        source.start();
        write(elsewhere, endpoint("eth1"));
        assertThat(heard.next()).containsExactly("eth1");
    }

    @Test
    void hearsOfAConfigMapSwappedByItsLink() throws Exception {
        configMap("..2024_01", "eth0");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2024_01"));
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data/a.yaml"));
        assertThat(interfaces(source.load())).containsExactly("eth0");
        source.start();
        configMap("..2024_02", "eth1");
        Path swap = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2024_02"));
        Files.move(swap, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(heard.next()).containsExactly("eth1");
    }

    private void configMap(String version, String interfaceName) throws IOException {
        Files.createDirectory(folder.resolve(version));
        write(version + "/a.yaml", endpoint(interfaceName));
    }

    @Test
    void survivesTheFolderGoingAndComingBack() throws Exception {
        write("a.yaml", endpoint("eth0"));
        source.load();
        source.start();
        Path away = Files.move(folder, parent.resolve("away"));
        assertThat(heard.next()).containsExactly(folder + ": expected a folder of YAML files, found nothing; make it,"
                + " or name another with --config");
        Files.move(away, folder);
        assertThat(heard.next()).containsExactly("eth0");
        write("a.yaml", endpoint("eth1"));
        assertThat(heard.next()).containsExactly("eth1");
    }

    @Test
    void takesAFolderMadeAnewForTheSame() throws Exception {
        source.load();
        source.start();
        Files.delete(folder);
        assertThat(heard.next()).hasSize(1);
        Files.createDirectory(folder);
        assertThat(heard.next()).isEmpty();
        write("a.yaml", endpoint("eth0"));
        assertThat(heard.next()).containsExactly("eth0");
    }

    @Test
    void tellsManyWritesAsFewChanges() throws Exception {
        source.load();
        source.start();
        for (int i = 0; i < 50; i++) {
            write("%02d.yaml".formatted(i), endpoint("eth" + i));
        }
        int changes = 1;
        while (heard.next().size() < 50) {
            changes++;
        }
        assertThat(changes).isLessThan(25);
    }

    @Test
    void hearsOfAChangeWithinASecond() throws Exception {
        write("a.yaml", endpoint("eth0"));
        source.load();
        source.start();
        List<Duration> times = new ArrayList<>();
        for (int i = 1; i <= CHANGES; i++) {
            long before = System.nanoTime();
            write("a.yaml", endpoint("eth" + i));
            assertThat(heard.next()).containsExactly("eth" + i);
            times.add(Duration.ofNanos(System.nanoTime() - before));
        }
        /* Of several, since others may want the machine at any one time. */
        assertThat(times).anyMatch(time -> time.compareTo(IN_FORCE) < 0);
    }

    @Test
    void saysNothingOfFilesThatChangeNothing() throws Exception {
        write("a.yaml", endpoint("eth0"));
        source.load();
        source.start();
        write("a.yaml", endpoint("eth0"));
        write("notes.txt", "nothing");
        write("a.yaml", endpoint("eth0") + "# a comment\n");
        assertThat(heard.more()).isNull();
    }

    @Test
    void goesOnWhenTheListenerFails() throws Exception {
        source.load();
        source.start();
        heard.failing = true;
        write("a.yaml", endpoint("eth0"));
        assertThat(heard.next()).containsExactly("eth0");
        heard.failing = false;
        write("a.yaml", endpoint("eth1"));
        assertThat(heard.next()).containsExactly("eth1");
    }

    @Test
    void isSilentOnceClosed() throws Exception {
        source.load();
        source.start();
        source.close();
        write("a.yaml", endpoint("eth0"));
        assertThat(heard.more()).isNull();
    }
}
