package io.manx.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network namespace of a test; {@link Namespaces} makes it. Programs in it enter the network namespace alone: mounts,
 * and with them the bpffs, are the machine's.
 */
public final class Namespace {
    private final String name;
    private final List<Running> started = new CopyOnWriteArrayList<>();

    Namespace(String name) {
        this.name = name;
    }

    /** One that is there: whoever made it removes it. @param name as {@code ip netns} knows it */
    public static Namespace named(String name) {
        return new Namespace(name);
    }

    void create() {
        Command.run(List.of("ip", "netns", "add", name));
        /* Duplicate address detection would keep every new IPv6 address unusable for a second. */
        for (String which : new String[] {"all", "default"}) {
            sysctl("net.ipv6.conf." + which + ".accept_dad", "0");
        }
        ip("link set lo up");
    }

    /** As {@code ip netns} knows it. */
    public String name() {
        return name;
    }

    /** The file that names it to {@code nsenter --net} and {@code manx run --netns}. */
    public Path path() {
        return Path.of("/run/netns", name);
    }

    /** Runs a program to its end. @return what it printed. @throws AssertionError its exit status is not 0 */
    public String exec(String... command) {
        return Command.run(inside(command));
    }

    /** Runs a program to its end, whatever its exit status. */
    public Command attempt(String... command) {
        return Command.attempt(inside(command));
    }

    /** Starts a program that runs on until it is closed, at the latest with the namespace. */
    public Running start(String... command) {
        Running running = new Running(inside(command));
        started.add(running);
        return running;
    }

    /** {@code ip} with arguments that hold no spaces: {@code ip("link set eth0 mtu 1400")}. */
    public String ip(String arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(Arrays.asList(arguments.split(" ")));
        return exec(command.toArray(String[]::new));
    }

    /** Adds addresses, usable at once: {@code address("eth0", "192.0.2.2/24", "2001:db8::2/64")}. */
    public Namespace address(String device, String... addresses) {
        for (String address : addresses) {
            ip("addr add " + address + " dev " + device + (address.contains(":") ? " nodad" : ""));
        }
        return this;
    }

    /** Adds a route by a gateway of its own family or of IPv6: {@code route("default", "192.0.2.1")}. */
    public Namespace route(String destination, String gateway) {
        boolean v6 = gateway.contains(":");
        boolean mixed = v6 && destination.contains(".");
        ip((v6 && !mixed ? "-6 " : "") + "route add " + destination + " via " + (mixed ? "inet6 " : "") + gateway);
        return this;
    }

    /** {@code sysctl("net.ipv4.ip_forward", "1")}. */
    public Namespace sysctl(String key, String value) {
        exec("sh", "-c", "printf %s \"$1\" > \"$2\"", "sh", value, "/proc/sys/" + key.replace('.', '/'));
        return this;
    }

    /** Makes a router of it, for both families. */
    public Namespace forward() {
        return sysctl("net.ipv4.ip_forward", "1").sysctl("net.ipv6.conf.all.forwarding", "1");
    }

    public int ifindex(String device) {
        return Integer.parseInt(find(device, "^(\\d+): "));
    }

    /** 6 bytes. */
    public byte[] mac(String device) {
        return HexFormat.ofDelimiter(":").parseHex(find(device, "link/ether (\\S+)"));
    }

    private String find(String device, String regex) {
        String line = ip("-o link show dev " + device);
        Matcher matcher = Pattern.compile(regex, Pattern.MULTILINE).matcher(line);
        if (!matcher.find()) {
            throw new AssertionError(name + ": no '" + regex + "' in what ip says of " + device + ": " + line);
        }
        return matcher.group(1);
    }

    /** The command that runs another inside: to be used where a test starts the process itself. */
    public List<String> inside(String... command) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--net=" + path(), "--"));
        whole.addAll(Arrays.asList(command));
        return whole;
    }

    /** Ends its programs, also those that went into the background, and removes it with its interfaces. */
    void remove() {
        started.forEach(Running::close);
        Command pids = Command.attempt(List.of("ip", "netns", "pids", name));
        if (pids.status() == 0) {
            pids.output()
                    .lines()
                    .mapToLong(Long::parseLong)
                    .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
        Command deleted = Command.attempt(List.of("ip", "netns", "del", name));
        if (deleted.status() != 0 && path().toFile().exists()) {
            throw new AssertionError("namespace " + name + " can't be removed: " + deleted.output());
        }
    }

    @Override
    public String toString() {
        return "namespace " + name;
    }
}
