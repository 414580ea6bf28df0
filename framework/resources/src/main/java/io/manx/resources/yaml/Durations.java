package io.manx.resources.yaml;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Calico writes them: {@code 90s}, {@code 1h30m}, {@code 1.5h}. Errors: IllegalArgumentException. */
final class Durations {
    static final Duration SHORTEST = Duration.ofMillis(1);
    static final Duration LONGEST = Duration.ofHours(8760);
    static final String EXPECTED = "a duration from 1ms to 8760h such as 90s or 1h30m";

    private static final Pattern PART = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9})(us|ms|s|m|h)");
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART + ")+");
    private static final Map<String, Duration> UNITS = Map.of(
            "us", Duration.ofNanos(1000),
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));

    private Durations() {}

    static Duration duration(String text) {
        return duration(text, EXPECTED);
    }

    /** @param expected what the error says may stand there */
    static Duration duration(String text, String expected) {
        if (WHOLE.matcher(text).matches()) {
            BigDecimal nanos = BigDecimal.ZERO;
            for (Matcher part = PART.matcher(text); part.find(); ) {
                BigDecimal unit = BigDecimal.valueOf(UNITS.get(part.group(2)).toNanos());
                nanos = nanos.add(new BigDecimal("0" + part.group(1)).multiply(unit));
            }
            BigDecimal whole = nanos.setScale(0, RoundingMode.FLOOR);
            if (whole.compareTo(BigDecimal.valueOf(SHORTEST.toNanos())) >= 0
                    && whole.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) <= 0) {
                return Duration.ofNanos(whole.longValueExact());
            }
        }
        throw new IllegalArgumentException("found \"" + text + "\", expected " + expected);
    }
}
