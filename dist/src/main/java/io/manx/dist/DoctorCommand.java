package io.manx.dist;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code doctor}: could Manx run here, and how well? */
@Command(
        name = "doctor",
        description = "Says line by line what this machine offers and lacks. Exit status 1 if Manx could not run.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<Finding> findings = Machine.findings();
        boolean prevented = findings.stream().anyMatch(Finding::prevents);
        if (json) {
            System.out.println(
                    findings.stream().map(DoctorCommand::json).collect(Collectors.joining(",\n", "[\n", "\n]")));
        } else {
            findings.forEach(DoctorCommand::print);
            System.out.println(prevented ? "Manx could not run here." : "Manx can run here.");
        }
        return prevented ? 1 : 0;
    }

    private static void print(Finding finding) {
        String state = finding.ok() ? "ok" : finding.required() ? "lacking" : "less";
        String remedy = finding.remedy().isEmpty() ? "" : ": " + finding.remedy();
        System.out.printf("%-8s %-13s %s%s%n", state, finding.name(), finding.found(), remedy);
    }

    private static String json(Finding finding) {
        return String.format(
                "{\"name\":%s,\"ok\":%s,\"required\":%s,\"found\":%s,\"remedy\":%s}",
                quoted(finding.name()),
                finding.ok(),
                finding.required(),
                quoted(finding.found()),
                quoted(finding.remedy()));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
    }
}
