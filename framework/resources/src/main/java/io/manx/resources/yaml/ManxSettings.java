package io.manx.resources.yaml;

import io.manx.api.resource.Resource;
import io.manx.api.resource.Resource.Source;
import io.manx.api.resource.Settings;
import io.manx.api.resource.Settings.Conntrack;
import io.manx.api.resource.Settings.Parse;
import java.time.Duration;
import java.util.Optional;

/** Reads Settings of {@code manx.io/v1}. */
final class ManxSettings {
    private ManxSettings() {}

    static Resource settings(Fields document, Source source) {
        Metadata metadata = Metadata.read(document, source, false, Literals::onlyDefault);
        return document.required("spec")
                .flatMap(Value::fields)
                .map(spec -> settings(spec, metadata))
                .orElse(Settings.NONE);
    }

    private static Settings settings(Fields spec, Metadata metadata) {
        Settings settings = new Settings(
                metadata.name(),
                metadata.source(),
                spec.fields("parse").map(ManxSettings::parse).orElse(Parse.DEFAULT),
                spec.fields("conntrack").map(ManxSettings::conntrack).orElse(Conntrack.DEFAULT));
        spec.finish();
        return settings;
    }

    private static Parse parse(Fields fields) {
        Parse parse = new Parse(
                flag(fields, "dropTcpFlagNonsense", Parse.DEFAULT.dropTcpFlagNonsense()),
                flag(fields, "dropLand", Parse.DEFAULT.dropLand()));
        fields.finish();
        return parse;
    }

    private static Conntrack conntrack(Fields fields) {
        Conntrack conntrack = new Conntrack(
                flag(fields, "pickup", Conntrack.DEFAULT.pickup()),
                flag(fields, "windowChecks", Conntrack.DEFAULT.windowChecks()),
                timeout(fields, "udpReplied"),
                timeout(fields, "udpStream"),
                TableSizes.read(fields, "maxYoungFlows"));
        fields.finish();
        return conntrack;
    }

    private static boolean flag(Fields fields, String name, boolean otherwise) {
        return fields.value(name).flatMap(Value::flag).orElse(otherwise);
    }

    private static Optional<Duration> timeout(Fields fields, String name) {
        return fields.value(name).flatMap(value -> value.parsed(Durations.EXPECTED, Durations::duration));
    }
}
