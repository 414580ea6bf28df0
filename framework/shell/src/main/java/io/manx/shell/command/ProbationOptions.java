package io.manx.shell.command;

import io.manx.core.view.Probation;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The terms on which an update stays. */
final class ProbationOptions {
    @Option(
            names = "--probation",
            required = true,
            paramLabel = "TIME",
            converter = Time.class,
            description = "Puts the version before back if this one drops more within TIME (30s, 5m, 1h).")
    private Duration time;

    @Option(
            names = "--max-drop-rate",
            paramLabel = "PERCENT",
            converter = Percent.class,
            description = "With --probation: puts it back if a stage drops more than this share of its packets (1%%),"
                    + " instead of holding each reason against what it was before.")
    private Double maxDropShare;

    static Optional<Probation> of(ProbationOptions options) {
        return Optional.ofNullable(options).map(given -> new Probation(
                given.time, given.maxDropShare == null ? OptionalDouble.empty() : OptionalDouble.of(given.maxDropShare)));
    }

    /** {@code 30s} */
    static final class Time implements ITypeConverter<Duration> {
        private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})([smh])");
        private static final Map<String, Duration> UNITS =
                Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1));
        private static final Duration LONGEST = Duration.ofHours(24);

        @Override
        public Duration convert(String text) {
            Matcher parts = FORM.matcher(text);
            if (parts.matches()) {
                Duration time = UNITS.get(parts.group(2)).multipliedBy(Integer.parseInt(parts.group(1)));
                if (time.compareTo(LONGEST) <= 0) {
                    return time;
                }
            }
            throw new TypeConversionException("'" + text + "' is no time from 1s to 24h, such as 30s, 5m, 1h");
        }
    }

    /** {@code 0.5%}, as a share of 1. */
    static final class Percent implements ITypeConverter<Double> {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,3}(\\.[0-9]{1,6})?)%");

        @Override
        public Double convert(String text) {
            Matcher parts = FORM.matcher(text);
            if (parts.matches()) {
                BigDecimal share = new BigDecimal(parts.group(1)).movePointLeft(2);
                if (share.compareTo(BigDecimal.ONE) <= 0) {
                    return share.doubleValue();
                }
            }
            throw new TypeConversionException("'" + text + "' is no percentage from 0% to 100%, such as 1% or 0.5%");
        }
    }
}
