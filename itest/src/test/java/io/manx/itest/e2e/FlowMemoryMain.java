package io.manx.itest.e2e;

import io.manx.itest.Home;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program: loads conntrack and fills its tables of confirmed flows, a step for each line of its standard input, each
 * answered: {@code load}, then a table's name, as often as wanted. Argument: how many flows.
 */
final class FlowMemoryMain {
    private FlowMemoryMain() {}

    public static void main(String[] arguments) throws IOException {
        int flows = Integer.parseInt(arguments[0]);
        Path file = Home.ROOT.resolve("plugins/conntrack/target/classes/META-INF/bpf/conntrack.bpf.o");
        ObjectSpec spec = ObjectSpec.parse("conntrack.bpf.o", Files.readAllBytes(file));
        BufferedReader steps = new BufferedReader(new InputStreamReader(System.in));
        System.out.println("waiting");
        steps.readLine();
        try (BpfObject conntrack = spec.load(new LoadOptions())) {
            System.out.println("loaded");
            for (String table = steps.readLine(); table != null; table = steps.readLine()) {
                FlowTables.fillEstablished(conntrack.map(table), flows);
                System.out.println("filled " + table);
            }
        }
    }
}
