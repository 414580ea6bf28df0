package io.manx.resources.yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What {@code Auto} stands for: the timeouts that the kernel's own connection tracking has in this namespace. */
final class KernelTimeouts {
    static final Path SYSCTLS = Path.of("/proc/sys/net/netfilter");

    /** Those that Calico looks up; the others' Auto is what leaving them out means. */
    static final Map<String, String> NAMES = Map.of(
            "tcpSynSent", "nf_conntrack_tcp_timeout_syn_sent",
            "tcpEstablished", "nf_conntrack_tcp_timeout_established",
            "tcpFinsSeen", "nf_conntrack_tcp_timeout_time_wait",
            "genericTimeout", "nf_conntrack_generic_timeout",
            "icmpTimeout", "nf_conntrack_icmp_timeout");

    private KernelTimeouts() {}

    /** @throws IllegalArgumentException the kernel doesn't say */
    static Optional<Duration> auto(Path sysctls, String field) {
        String name = NAMES.get(field);
        if (name == null) {
            return Optional.empty();
        }
        Path file = sysctls.resolve(name);
        try {
            return Optional.of(Durations.duration(Files.readString(file).strip() + "s"));
        } catch (IOException e) {
            throw new IllegalArgumentException("found \"Auto\", but " + file + " can't be read; write a duration, or load the"
                    + " module nf_conntrack", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("found \"Auto\", but in " + file + " " + e.getMessage(), e);
        }
    }
}
