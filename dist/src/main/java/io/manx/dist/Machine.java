package io.manx.dist;

import io.manx.core.GracePeriods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What this machine offers Manx, one look each. Changes nothing. */
final class Machine {
    private static final KernelVersion OLDEST = new KernelVersion(5, 17);
    private static final KernelVersion TCX = new KernelVersion(6, 6);
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_BPF = 39;

    private Machine() {}

    static List<Finding> findings() {
        return List.of(kernel(), capabilities(), libbpf(), bpffs(), btf(), jit(), hook(), clsact(), gracePeriods(), java(), clang(), headers());
    }

    static Finding kernel() {
        KernelVersion here = KernelVersion.here();
        return here.isBefore(OLDEST)
                ? Finding.lacking("kernel", "Linux " + here, "Manx needs Linux " + OLDEST + " or later: upgrade the kernel")
                : Finding.ok("kernel", "Linux " + System.getProperty("os.version"));
    }

    static Finding capabilities() {
        long held = Long.parseUnsignedLong(status("CapEff"), 16);
        boolean bpf = (held >> CAP_SYS_ADMIN & 1) == 1 || (held >> CAP_BPF & 1) == 1;
        boolean net = (held >> CAP_NET_ADMIN & 1) == 1;
        boolean root = status("Uid").startsWith("0\t");
        if (root && bpf && net) {
            return Finding.ok("capabilities", "root, with CAP_SYS_ADMIN and CAP_NET_ADMIN");
        }
        return root
                ? Finding.lacking(
                        "capabilities",
                        "root without " + (bpf ? "CAP_NET_ADMIN" : "CAP_SYS_ADMIN"),
                        "start it outside of the container, or give the container this capability")
                : Finding.lacking("capabilities", "not root", "only root may load BPF programs: try with sudo");
    }

    static Finding libbpf() {
        Optional<Path> library = Libraries.find("libbpf.so.1");
        if (library.isEmpty()) {
            return Finding.lacking("libbpf", "libbpf.so.1 is missing", "apt-get install libbpf1");
        }
        try {
            Path file = library.get().toRealPath();
            System.load(file.toString());
            return Finding.ok("libbpf", file.toString());
        } catch (IOException | UnsatisfiedLinkError e) {
            return Finding.lacking(
                    "libbpf", library.get() + " can't be loaded: " + e.getMessage(), "apt-get install --reinstall libbpf1");
        }
    }

    static Finding bpffs() {
        if (isMounted()) {
            return Finding.ok("bpffs", Places.BPFFS.toString());
        }
        return lines(Path.of("/proc/filesystems")).anyMatch(line -> line.endsWith("\tbpf"))
                ? Finding.ok("bpffs", "not mounted; `manx run` mounts it on " + Places.BPFFS)
                : Finding.lacking("bpffs", "the kernel has no bpffs", "use a kernel with CONFIG_BPF_SYSCALL");
    }

    static boolean isMounted() {
        return lines(Path.of("/proc/mounts")).anyMatch(line -> {
            String[] words = line.split(" ");
            return words[1].equals(Places.BPFFS.toString()) && words[2].equals("bpf");
        });
    }

    /** Whether our bpffs is also the first process's: one of a mount namespace of our own goes with us. */
    static boolean pinsLast() {
        List<String> theirs = bpffsDevices("1");
        return !Files.isReadable(Path.of("/proc/1/mountinfo")) || bpffsDevices("self").stream().allMatch(theirs::contains);
    }

    /** The device numbers of what is mounted there, from proc(5)'s mountinfo: ID PARENT DEVICE ROOT PLACE ... */
    private static List<String> bpffsDevices(String process) {
        return lines(Path.of("/proc", process, "mountinfo"))
                .map(line -> line.split(" "))
                .filter(words -> words[4].equals(Places.BPFFS.toString()))
                .map(words -> words[2])
                .toList();
    }

    static Finding btf() {
        Path btf = Path.of("/sys/kernel/btf/vmlinux");
        return Files.exists(btf)
                ? Finding.ok("BTF", btf.toString())
                : Finding.less("BTF", btf + " is missing", "verifier messages will say less: use a kernel with"
                        + " CONFIG_DEBUG_INFO_BTF");
    }

    static Finding jit() {
        Path setting = Path.of("/proc/sys/net/core/bpf_jit_enable");
        String value = lines(setting).findFirst().orElse("1");
        return value.equals("0")
                ? Finding.less("JIT", "off: BPF is interpreted, several times slower", "sysctl net.core.bpf_jit_enable=1")
                : Finding.ok("JIT", "on");
    }

    static Finding hook() {
        return KernelVersion.here().isBefore(TCX)
                ? Finding.ok("hook", "clsact (tcx needs Linux " + TCX + ")")
                : Finding.ok("hook", "tcx, and clsact with --attach clsact");
    }

    /** Old kernels have nothing else to attach by; on newer ones only {@code --attach clsact} wants it. */
    static Finding clsact() {
        List<String> missing = Stream.of("sch_ingress", "cls_bpf").filter(module -> !KernelParts.has(module)).toList();
        if (missing.isEmpty()) {
            return Finding.ok("clsact", "sch_ingress and cls_bpf");
        }
        String found = "no sign of " + String.join(" and ", missing) + " in this kernel";
        String remedy = "use a kernel with CONFIG_NET_SCH_INGRESS and CONFIG_NET_CLS_BPF";
        return KernelVersion.here().isBefore(TCX)
                ? Finding.lacking("clsact", found, remedy)
                : Finding.less("clsact", found, "only for --attach clsact: " + remedy);
    }

    /** What GracePeriods makes short while it attaches. */
    static Finding gracePeriods() {
        String name = "grace periods";
        try {
            if (GracePeriods.MACHINE.isLeftShort()) {
                return Finding.less(
                        name, "left short (/sys/kernel/rcu_expedited is 1) by a killed Manx", "manx clean, or the next manx run");
            }
        } catch (IOException e) {
            return Finding.less(name, "can't tell whether they are short: " + e, "try as root");
        }
        return Files.isWritable(Path.of("/sys/kernel/rcu_expedited"))
                ? Finding.ok(name, "short while Manx attaches (/sys/kernel/rcu_expedited)")
                : Finding.less(
                        name,
                        "/sys/kernel/rcu_expedited can't be written: attaching takes some 30 ms an interface",
                        "outside of containers, as root, it can be");
    }

    static Finding java() {
        return Finding.ok("Java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
    }

    static Finding clang() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "clang"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(clang -> Finding.ok("clang", clang.toString()))
                .orElse(Finding.less("clang", "missing", "only for authors of stages: apt-get install clang"));
    }

    static Finding headers() {
        Path header = Path.of("/usr/include/bpf/bpf_helpers.h");
        return Files.exists(header)
                ? Finding.ok("headers", header.toString())
                : Finding.less("headers", header + " is missing", "only for authors of stages: apt-get install libbpf-dev");
    }

    /** A line of this process's status, as proc(5) has it. */
    private static String status(String key) {
        Pattern wanted = Pattern.compile(key + ":\\s+(.*)");
        return lines(Path.of("/proc/self/status"))
                .map(wanted::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("/proc/self/status has no " + key + ": is /proc mounted?"));
    }

    /** Nothing where there is no such file. */
    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
