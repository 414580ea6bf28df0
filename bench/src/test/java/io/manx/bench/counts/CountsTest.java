package io.manx.bench.counts;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.bench.InOwnNetwork;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default pipeline in this kernel, held to what is checked in. */
class CountsTest {
    private static final Path CHECKED_IN = Path.of("counts.json");

    @TempDir
    Path folder;

    @Test
    void areNoWorseThanThoseThatAreCheckedIn() throws Exception {
        Path file = folder.resolve("counts.json");
        InOwnNetwork.bench("counts", "--write", file.toString());
        Counts now = Counts.read(file);

        assertThat(now.lanes().get("settled").programs()).containsExactly("entry", "fastpath");
        assertThat(now.lanes().get("established").programs())
                .containsExactly("entry", "fastpath", "parse", "conntrack", "forward");
        assertThat(now.lanes().get("translated").programs())
                .containsExactly("entry", "fastpath", "parse", "conntrack", "nat", "forward");
        assertThat(Ratchet.worse(Counts.read(CHECKED_IN), now))
                .as("a packet costs more than bench/counts.json says. Where that is meant to be, say so in the commit and have it written "
                        + "anew, after a build: bin/manx bench counts --write bench/counts.json")
                .isEmpty();
    }
}
