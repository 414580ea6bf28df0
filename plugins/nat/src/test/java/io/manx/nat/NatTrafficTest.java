package io.manx.nat;

import static io.manx.nat.Given.BACKEND6;
import static io.manx.nat.Given.BACKEND_ONE;
import static io.manx.nat.Given.FRONTEND;
import static io.manx.nat.Given.FRONTEND6;
import static io.manx.nat.Given.PORT;
import static io.manx.nat.Given.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Addresses;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import io.manx.testkit.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real connections through nat at a router's interface. The senders leave their checksums to a device that is further on,
 * as local stacks do, and the router's devices complete them: a receiver then checks what nat has made of a partial one.
 */
class NatTrafficTest {
    private static final Path OBJECT = Path.of("target/test-classes/META-INF/bpf/translate.bpf.o");
    private static final Path PINS = Path.of("/sys/fs/bpf/manx-nat-" + ProcessHandle.current().pid());

    /** Sends back what it is sent, up to the end of it. */
    private static final String SERVER =
            """
            import socket, sys, threading
            family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
            at = (sys.argv[1], int(sys.argv[2]))
            def tcp(listener):
                while True:
                    peer, _ = listener.accept()
                    while data := peer.recv(65536):
                        peer.sendall(data)
                    peer.close()
            listener = socket.create_server(at, family=family)
            threading.Thread(target=tcp, args=(listener,), daemon=True).start()
            datagrams = socket.socket(family, socket.SOCK_DGRAM)
            datagrams.bind(at)
            print('listening', flush=True)
            while True:
                data, peer = datagrams.recvfrom(65536)
                datagrams.sendto(data, peer)
            """;

    /** Sends so many bytes, and prints how many came back from the address it sent them to. */
    private static final String CLIENT =
            """
            import socket, sys
            protocol, address, port, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
            kind = socket.SOCK_STREAM if protocol == 'tcp' else socket.SOCK_DGRAM
            peer = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, kind)
            peer.settimeout(10)
            peer.connect((address, port))
            peer.sendall(bytes(size))
            got = 0
            while got < size:
                got += len(peer.recv(65536))
            print(got)
            """;

    private static Namespaces net;
    private static Namespace client;
    private static BpfObject object;

    @BeforeAll
    static void connect() throws IOException {
        net = Namespaces.ofThisProcess("manx-nat");
        client = net.add("client");
        Namespace router = net.add("router").forward();
        Namespace server = net.add("server");
        net.connect(client, "eth0", router, "toclient");
        net.connect(router, "toserver", server, "eth0");
        client.address("eth0", "10.0.1.2/24", "fd00:1::2/64");
        router.address("toclient", "10.0.1.1/24", "fd00:1::1/64").address("toserver", "10.0.2.1/24", "fd00:2::1/64");
        server.address("eth0", "10.0.2.2/24", "fd00:2::2/64");
        client.route("default", "10.0.1.1").route("default", "fd00:1::1");
        server.route("default", "10.0.2.1").route("default", "fd00:2::1");
        for (String device : List.of("toclient", "toserver")) {
            router.exec("ethtool", "-K", device, "tx", "off");
        }
        translateAt(router, "toclient");
        for (InetAddress backend : List.of(BACKEND_ONE, BACKEND6)) {
            Running running = server.start(
                    "python3", "-c", SERVER, Addresses.text(backend), Integer.toString(TARGET));
            running.awaitLine("listening", Duration.ofSeconds(30));
        }
    }

    private static void translateAt(Namespace router, String device) throws IOException {
        object = ObjectSpec.parse("translate.bpf.o", Files.readAllBytes(OBJECT)).load(new LoadOptions());
        translate(FRONTEND, BACKEND_ONE, TARGET, "TRANSLATE_DESTINATION");
        translate(FRONTEND6, BACKEND6, TARGET, "TRANSLATE_DESTINATION");
        translate(BACKEND_ONE, FRONTEND, PORT, "TRANSLATE_SOURCE");
        translate(BACKEND6, FRONTEND6, PORT, "TRANSLATE_SOURCE");
        removePins();
        Files.createDirectory(PINS);
        router.exec("tc", "qdisc", "add", "dev", device, "clsact");
        for (String[] hook : new String[][] {{"ingress", "translate_in"}, {"egress", "translate_out"}}) {
            Path pin = PINS.resolve(hook[1]);
            object.program(hook[1]).pin(pin);
            router.exec("tc", "filter", "add", "dev", device, hook[0], "bpf", "da", "pinned", pin.toString());
        }
    }

    private static void translate(InetAddress from, InetAddress to, int port, String how) {
        BpfMap translations = object.map("translations");
        ByteBuffer value = translations.value().allocate();
        translations.value().field("addr").setAddress(value, to);
        translations.value().field("port").set(value, port);
        translations
                .value()
                .field("translate")
                .set(value, object.spec().btf().constant(how).orElseThrow());
        translations.put(ByteBuffer.wrap(Addresses.bytes(from)), value);
    }

    @AfterAll
    static void remove() throws IOException {
        if (object != null) {
            object.close();
        }
        removePins();
        if (net != null) {
            net.close();
        }
    }

    private static void removePins() throws IOException {
        for (String program : List.of("translate_in", "translate_out")) {
            Files.deleteIfExists(PINS.resolve(program));
        }
        Files.deleteIfExists(PINS);
    }

    @ParameterizedTest
    @CsvSource({"tcp, 10.96.0.10, 100000", "udp, 10.96.0.10, 1400", "tcp, fd00:96::10, 100000", "udp, fd00:96::10, 1400"})
    void carriesConnectionsBothWaysWithChecksumsThatADeviceCompletes(String protocol, String address, int bytes) {
        String back = client.exec(
                "python3", "-c", CLIENT, protocol, address, Integer.toString(PORT), Integer.toString(bytes));
        assertThat(back).isEqualTo(Integer.toString(bytes));
    }
}
