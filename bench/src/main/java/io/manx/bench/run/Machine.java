package io.manx.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the figures were measured on. */
final class Machine {
    private Machine() {}

    static Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", field("/proc/cpuinfo", "model name"));
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", field("/proc/meminfo", "MemTotal"));
        facts.put("kernel", line("/proc/sys/kernel/osrelease") + ", " + line("/proc/sys/kernel/version"));
        facts.put("system", field("/etc/os-release", "PRETTY_NAME").replace("\"", ""));
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        facts.put("manx", version(null, "git", "-C", System.getProperty("manx.root", "."), "log", "-1", "--format=%h %cs %s"));
        facts.put("clang", version("version", "clang", "--version"));
        facts.put("nftables", version(null, "nft", "--version"));
        facts.put("iptables", version(null, "iptables", "--version"));
        facts.put("mitigations", mitigations());
        facts.put("load at the start", load());
        return facts;
    }

    /** The last minute's, five and fifteen minutes': above zero at the start, others were at work too. */
    static String load() {
        return line("/proc/loadavg");
    }

    /** What makes indirect calls dear, where the kernel says so. */
    private static String mitigations() {
        return "spectre_v2: " + line("/sys/devices/system/cpu/vulnerabilities/spectre_v2");
    }

    private static String field(String file, String key) {
        return lines(file)
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(line.contains(":") ? ':' : '=') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String line(String file) {
        return lines(file).findFirst().orElse("unknown").strip();
    }

    /** Nothing where the machine has no such file. */
    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static String version(String with, String... command) {
        try {
            List<String> said = Commands.run(command).lines().toList();
            return said.stream().filter(line -> with == null || line.contains(with)).findFirst().orElse("unknown");
        } catch (IOException e) {
            return "not here";
        }
    }
}
