package io.manx.itest.pax;

import java.io.IOException;

/** Veths of the tests' own. */
final class Interfaces {
    private Interfaces() {}

    /** Makes it, in place of one that an earlier run left; removed when the process ends. */
    static void create(String name) throws IOException, InterruptedException {
        ip("link", "delete", name);
        if (ip("link", "add", name, "type", "veth", "peer", "name", name + "p") != 0 || ip("link", "set", name, "up") != 0) {
            throw new IOException("making the veth " + name + " failed: is this run as root?");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                ip("link", "delete", name);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("removing the veth " + name, e);
            }
        }));
    }

    private static int ip(String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 1];
        command[0] = "ip";
        System.arraycopy(words, 0, command, 1, words.length);
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
