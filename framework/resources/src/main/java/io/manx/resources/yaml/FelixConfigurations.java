package io.manx.resources.yaml;

import io.manx.api.resource.FelixConfiguration;
import io.manx.api.resource.FelixConfiguration.ConntrackTimeouts;
import io.manx.api.resource.Resource;
import io.manx.api.resource.Resource.Source;
import java.time.Duration;
import java.util.Optional;

/** Reads FelixConfiguration of {@code projectcalico.org/v3}. */
final class FelixConfigurations {
    private static final String AUTO = "Auto";
    private static final String EXPECTED = Durations.EXPECTED + ", or " + AUTO;

    private FelixConfigurations() {}

    static Resource felix(Fields document, Source source) {
        Metadata metadata = Metadata.read(document, source, false, Literals::onlyDefault);
        return document.required("spec")
                .flatMap(Value::fields)
                .map(spec -> felix(spec, metadata))
                .orElse(FelixConfiguration.NONE);
    }

    private static FelixConfiguration felix(Fields spec, Metadata metadata) {
        FelixConfiguration felix = new FelixConfiguration(
                metadata.name(),
                metadata.source(),
                spec.fields("bpfConntrackTimeouts")
                        .map(FelixConfigurations::timeouts)
                        .orElse(ConntrackTimeouts.NONE),
                TableSizes.read(spec, "bpfMapSizeConntrack"));
        spec.only("bpfEnabled", "true", "BPF is the only data plane");
        spec.only("bpfMapSizeConntrackScaling", "Disabled", "the table has the size that bpfMapSizeConntrack says");
        spec.only("ipv6Support", "true", "IPv6 can't be turned off");
        harmless(spec);
        spec.finishUnsupported("of this kind it acts on bpfConntrackTimeouts and bpfMapSizeConntrack; remove it");
        return felix;
    }

    /** Logs, health checks, metrics and reports of Felix's own. */
    private static void harmless(Fields spec) {
        spec.harmless(
                "bpfConntrackLogLevel",
                "bpfLogFilters",
                "bpfLogLevel",
                "healthEnabled",
                "healthHost",
                "healthPort",
                "healthTimeoutOverrides",
                "logDebugFilenameRegex",
                "logFilePath",
                "logPrefix",
                "logSeverityFile",
                "logSeverityScreen",
                "logSeveritySys",
                "prometheusGoMetricsEnabled",
                "prometheusMetricsEnabled",
                "prometheusMetricsHost",
                "prometheusMetricsPort",
                "prometheusProcessMetricsEnabled",
                "reportingInterval",
                "reportingTTL",
                "usageReportingEnabled",
                "usageReportingInitialDelay",
                "usageReportingInterval");
    }

    private static ConntrackTimeouts timeouts(Fields fields) {
        ConntrackTimeouts timeouts = new ConntrackTimeouts(
                timeout(fields, "creationGracePeriod"),
                timeout(fields, "tcpSynSent"),
                timeout(fields, "tcpEstablished"),
                timeout(fields, "tcpFinsSeen"),
                timeout(fields, "tcpResetSeen"),
                timeout(fields, "udpTimeout"),
                timeout(fields, "genericTimeout"),
                timeout(fields, "icmpTimeout"));
        fields.finish();
        return timeouts;
    }

    private static Optional<Duration> timeout(Fields fields, String name) {
        return fields.value(name)
                .flatMap(value -> value.parsed(
                        EXPECTED,
                        text -> text.equals(AUTO)
                                ? KernelTimeouts.auto(KernelTimeouts.SYSCTLS, name)
                                : Optional.of(Durations.duration(text, EXPECTED))))
                .flatMap(timeout -> timeout);
    }
}
