package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On files that stand for the machine's, since everything on this machine shares its number. */
class GracePeriodsTest {
    @TempDir
    Path folder;

    private Path setting;
    private Path file;
    private GracePeriods periods;

    @BeforeEach
    void begin() throws IOException {
        setting = Files.writeString(folder.resolve("rcu_expedited"), "0\n");
        file = folder.resolve("run/manx/rcu_expedited");
        periods = new GracePeriods(setting, file);
    }

    @Test
    void refusesWhereTheKernelHasNoSuchNumber() throws IOException {
        Files.delete(setting);

        assertThatThrownBy(periods::shorten).isInstanceOf(NoSuchFileException.class);
        assertThat(periods.mend()).isFalse();
        Files.writeString(setting, "0\n");
        try (GracePeriods.Short later = periods.shorten()) {
            assertThat(later).isNotNull();
            assertThat(number()).isEqualTo("1");
        }
    }

    @Test
    void areShortUntilTheLastUserEnds() throws IOException {
        GracePeriods.Short first = periods.shorten();
        GracePeriods.Short second = periods.shorten();
        first.close();
        assertThat(number()).isEqualTo("1");
        second.close();

        assertThat(number()).isEqualTo("0");
        assertThat(periods.isLeftShort()).isFalse();
        assertThat(periods.mend()).isFalse();
    }

    @Test
    void stayShortWhereTheyWereBefore() throws IOException {
        Files.writeString(setting, "1\n");
        periods.shorten().close();

        assertThat(number()).isEqualTo("1");
        assertThat(periods.isLeftShort()).isFalse();
        assertThat(periods.mend()).isFalse();
        assertThat(number()).isEqualTo("1");
    }

    @Test
    void stayShortForAnotherProcess() throws Exception {
        Process other = other();
        try {
            periods.shorten().close();
            assertThat(number()).isEqualTo("1");
            assertThat(periods.isLeftShort()).isFalse();
            assertThat(periods.mend()).isFalse();
            assertThat(number()).isEqualTo("1");
            other.getOutputStream().close();

            assertThat(other.waitFor()).isZero();
            assertThat(number()).isEqualTo("0");
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void areMendedAfterAKilledProcess() throws Exception {
        other().destroyForcibly().waitFor();
        assertThat(number()).isEqualTo("1");
        assertThat(periods.isLeftShort()).isTrue();

        assertThat(periods.mend()).isTrue();
        assertThat(number()).isEqualTo("0");
        assertThat(periods.isLeftShort()).isFalse();
    }

    @Test
    void areMendedByTheNextUserToo() throws Exception {
        other().destroyForcibly().waitFor();
        periods.shorten().close();

        assertThat(number()).isEqualTo("0");
    }

    /** A process that has made them short. */
    private Process other() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShortPeriods.class.getName(),
                        setting.toString(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII)).readLine())
                .isEqualTo("short");
        return process;
    }

    private String number() throws IOException {
        return Files.readString(setting).strip();
    }
}
