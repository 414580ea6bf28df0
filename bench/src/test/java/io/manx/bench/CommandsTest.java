package io.manx.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.bench.result.Results;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
    @TempDir
    Path folder;

    @Test
    void refusesASuiteThatThereIsNot() {
        StringWriter errors = new StringWriter();
        CommandLine line = new CommandLine(new BenchCommand()).setErr(new PrintWriter(errors));

        assertThat(line.execute("--only", "programs,nonsense")).isEqualTo(2);
        assertThat(errors.toString()).contains("there is no suite nonsense; there are programs, paths, growth, changes");
    }

    @Test
    void comparesTwoRuns() throws Exception {
        Path before = write("before.json", Given.run(
                Given.empty(10, 10, 10, 10, 10), Given.monolith(50, 51, 49, 50, 52), Given.manx(90, 92, 89, 91, 90)));
        Path after = write("after.json", Given.run(
                Given.empty(10, 10, 10, 10, 10), Given.monolith(50, 51, 49, 50, 52), Given.manx(110, 112, 109, 111, 110)));

        assertThat(output("compare", before.toString(), after.toString()))
                .contains("WORSE", "programs / v4 udp, one flow / manx", "x monolith")
                .contains("1 changed beyond the noise, 1 did not, 0 are in one of the two alone");
    }

    @Test
    void drawsAnEarlierRunAgain() throws Exception {
        Path run = write("run.json", Given.run(Given.empty(10, 10), Given.monolith(50, 51), Given.manx(90, 92)));

        assertThat(output("page", run.toString())).contains("run.html");
        assertThat(folder.resolve("run.html")).isNotEmptyFile();
    }

    private Path write(String name, Results results) throws Exception {
        results.write(folder.resolve(name));
        return folder.resolve(name);
    }

    private static String output(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(new CommandLine(new BenchCommand()).execute(arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
