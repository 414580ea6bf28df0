package io.manx.shell.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableTest {
    private enum State {
        FIN_WAIT
    }

    private record Flow(InetAddress source, int bytesSent, State state, Optional<String> service, List<String> after) {}

    private record Number(int value) {}

    @Test
    void stopsWhenTheReaderIsGone() {
        PrintStream broken = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Table.write(
                        broken, "", IntStream.range(0, 1_000_000).mapToObj(Number::new).iterator()));
    }

    @Test
    void alignsColumnsAndWritesValuesAsPeopleDo() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Flow> flows = List.of(
                new Flow(InetAddress.getByName("fd00::1"), 12345, State.FIN_WAIT, Optional.of("web"), List.of("a", "b")),
                new Flow(InetAddress.getByName("10.0.0.1"), 7, State.FIN_WAIT, Optional.empty(), List.of()));
        Table.write(new PrintStream(bytes, true, StandardCharsets.UTF_8), "  ", flows.iterator());
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("""
                          SOURCE    BYTES SENT  STATE     SERVICE  AFTER
                          fd00::1        12345  fin-wait  web      a b
                          10.0.0.1           7  fin-wait
                        """);
    }
}
