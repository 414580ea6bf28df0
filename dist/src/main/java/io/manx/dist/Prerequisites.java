package io.manx.dist;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** What must be so before Manx starts. */
final class Prerequisites {
    private static final int SOCKET_PATH_BYTES = 107;

    private Prerequisites() {}

    /** Mounts bpffs where there is none. @throws Refusal the first thing that is missing, and how to get it */
    static void check(RunCommand run) throws Refusal, IOException {
        for (Finding finding : List.of(Machine.capabilities(), Machine.kernel(), Machine.libbpf(), Machine.bpffs())) {
            if (finding.prevents()) {
                throw new Refusal(finding.found() + ": " + finding.remedy());
            }
        }
        mountBpffs();
        if (!Machine.pinsLast()) {
            System.err.println("manx: the bpffs on " + Places.BPFFS + " is of this mount namespace alone (`ip netns exec`"
                    + " makes one): packets flow no longer than it lives, not even with --on-exit keep; start Manx from the"
                    + " machine's own, with --netns NAME for a network namespace");
        }
        if (run.config != null && !Files.isDirectory(run.config)) {
            throw new Refusal("--config " + run.config + " is no folder");
        }
        checkNetns(run.netns);
    }

    private static void mountBpffs() throws Refusal, IOException {
        if (Machine.isMounted()) {
            return;
        }
        String output = Programs.output("mount", "-t", "bpf", "bpf", Places.BPFFS.toString());
        if (!Machine.isMounted()) {
            throw new Refusal("there is no bpffs on " + Places.BPFFS + " and it can't be mounted: " + output
                    + "; outside of a container `mount -t bpf bpf " + Places.BPFFS + "` does it");
        }
    }

    /** After the state folder is ours: whoever has both is better told of the folder's owner. @throws Refusal it can't be ours */
    static void checkSocket(Path socket) throws Refusal, IOException {
        if (socket.toString().length() > SOCKET_PATH_BYTES - ".manx0123456789012345678/s".length()) {
            throw new Refusal("--socket " + socket + " is too long for a Unix socket: choose a shorter path");
        }
        if (Files.exists(socket) && !Files.readAttributes(socket, BasicFileAttributes.class).isOther()) {
            throw new Refusal("--socket " + socket + " is there already, and is no socket: name another path");
        }
        if (Files.exists(socket) && answers(socket)) {
            throw new Refusal("a Manx listens on " + socket + " already: stop that one, or give this one another socket"
                    + " with --socket PATH");
        }
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The starter has entered the namespace; a JVM can't. */
    private static void checkNetns(String name) throws Refusal, IOException {
        if (name == null) {
            return;
        }
        Path named = Path.of("/run/netns", name);
        if (!Files.exists(named)) {
            try (Stream<Path> all = Files.exists(named.getParent()) ? Files.list(named.getParent()) : Stream.empty()) {
                throw new Refusal("there is no network namespace " + name + "; there are: "
                        + all.map(one -> one.getFileName().toString()).sorted().toList());
            }
        }
        Object wanted = Files.getAttribute(named, "unix:ino");
        if (!wanted.equals(Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:ino"))) {
            throw new Refusal("this process is not in the network namespace " + name + ": start it by bin/manx, or by"
                    + " nsenter --net=" + named);
        }
    }
}
