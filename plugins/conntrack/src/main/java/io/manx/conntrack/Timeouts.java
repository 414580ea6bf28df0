package io.manx.conntrack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** How long a flow may be silent, by protocol and state. */
record Timeouts(Map<Kind, Duration> byKind) {
    /** Ten days; nothing waits that long for a packet. */
    static final Duration MOST = Duration.ofDays(10);

    /** By its name in {@code struct timeouts} of config.h. */
    enum Kind {
        /** No flow younger than this is swept. */
        CREATION_GRACE_PERIOD,
        TCP_SYN_SENT,
        TCP_ESTABLISHED,
        TCP_FINS_SEEN,
        TCP_RESET_SEEN,
        UDP,
        UDP_REPLIED,
        UDP_STREAM,
        ICMP,
        GENERIC
    }

    Timeouts {
        byKind = new EnumMap<>(byKind);
    }

    /** Those of {@code enum timeout_seconds} in config.h. @param constant value of an enumerator of the object */
    static Timeouts defaults(ToLongFunction<String> constant) {
        Map<Kind, Duration> byKind = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            byKind.put(kind, Duration.ofSeconds(constant.applyAsLong("TIMEOUT_" + kind)));
        }
        return new Timeouts(byKind);
    }

    Timeouts with(Kind kind, Optional<Duration> configured) {
        Map<Kind, Duration> changed = new EnumMap<>(byKind);
        configured.ifPresent(duration -> changed.put(kind, duration));
        return new Timeouts(changed);
    }

    Duration of(Kind kind) {
        return byKind.get(kind);
    }

    /** Of those that a flow's silence is compared with. */
    Duration shortest() {
        return byKind.entrySet().stream()
                .filter(entry -> entry.getKey() != Kind.CREATION_GRACE_PERIOD)
                .map(Map.Entry::getValue)
                .min(Duration::compareTo)
                .orElseThrow();
    }

    /** What is not allowed of them, a sentence each; empty: nothing. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        byKind.forEach((kind, duration) -> {
            boolean grace = kind == Kind.CREATION_GRACE_PERIOD;
            if (duration.isNegative() || (duration.isZero() && !grace) || duration.compareTo(MOST) > 0) {
                faults.add("timeout " + Names.camel(kind.name()) + " is " + duration.toMillis() / 1000.0
                        + " s; expected " + (grace ? "0" : "more than 0") + " and at most " + MOST.toSeconds() + " s");
            }
        });
        return faults;
    }
}
