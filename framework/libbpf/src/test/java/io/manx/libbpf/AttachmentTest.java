package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttachmentTest {
    private static final String INTERFACE = "manx-libbpf0";
    private static final String ADDRESS = "192.0.2.1/24";
    private static final InetSocketAddress NEIGHBOUR = new InetSocketAddress("192.0.2.2", 9);
    private static final int UNSPEC = -1;
    private static final int SHOT = 2;
    private static final int ENODEV = 19;
    private static final int EOPNOTSUPP = 95;
    private static final int NO_INTERFACE = 0x7ffffff;
    private static final int LOOPBACK = 1;

    private final ObjectSpec spec = Objects.spec("maps.bpf.o");
    private final BpfObject passing = spec.load(new LoadOptions().setting("answer", UNSPEC));
    private final BpfObject dropping =
            spec.load(new LoadOptions().setting("answer", SHOT).reuse("hash", passing.map("hash")));
    private final BpfObject xdp = Objects.load("xdp.bpf.o");

    @AfterEach
    void close() {
        passing.close();
        dropping.close();
        xdp.close();
    }

    private BpfProgram pass() {
        return passing.program("count");
    }

    private BpfProgram drop() {
        return dropping.program("count");
    }

    /** Sends one of 100 bytes with its headers, which the program counts under that length. */
    private static void send() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[58], 58, NEIGHBOUR));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long counted() {
        BpfMap hash = passing.map("hash");
        return hash.get(Objects.u32(100)).map(value -> hash.value().field("packets").get(value)).orElse(0L);
    }

    @Test
    void refusesAnInterfaceThatDoesNotExist() {
        assertThatThrownBy(() -> Tcx.attach(pass(), NO_INTERFACE, false))
                .isInstanceOfSatisfying(BpfException.class, e -> assertThat(e.errno()).isEqualTo(ENODEV))
                .hasMessageContaining("TCX TC_INGRESS of interface 134217727, program count: bpf_link_create failed");
        assertThatThrownBy(() -> Clsact.attach(pass(), NO_INTERFACE, false))
                .isInstanceOfSatisfying(BpfException.class, e -> assertThat(e.errno()).isEqualTo(ENODEV));
        assertThatThrownBy(() -> Xdp.attach(xdp.program("pass"), NO_INTERFACE)).isInstanceOf(BpfException.class);
        assertThat(Clsact.open(NO_INTERFACE, true)).isEmpty();
    }

    @Test
    void refusesAPinThatIsNoLink() {
        try (PinFolder pins = new PinFolder()) {
            pass().pin(pins.pin("program"));

            assertThatThrownBy(() -> Tcx.open(pins.pin("program")))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("is no bpf-link but anon_inode:bpf-prog");
            assertThatThrownBy(() -> Tcx.open(pins.pin("nothing")))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("No such file or directory (2)");
        }
    }

    @Test
    void runsPacketsThroughATcxLink() {
        OwnNetwork.run(() -> {
            int ifindex = OwnNetwork.veth(INTERFACE, ADDRESS, NEIGHBOUR.getHostString());
            try (Attachment link = Tcx.attach(pass(), ifindex, true)) {
                send();
                assertThat(counted()).isEqualTo(1);
                assertThat(link.programId()).isEqualTo(pass().info().id());
                link.update(drop());
                send();
                assertThat(counted()).isEqualTo(2);
                assertThat(link.programId()).isEqualTo(drop().info().id());
                assertThat(link.ifindex()).isEqualTo(ifindex);
                assertThat(link.kind()).isEqualTo(AttachKind.TCX);
                assertThat(link.hook()).isEqualTo(Hook.TC_EGRESS);
                link.detach();
                link.detach();
                send();
                assertThat(counted()).isEqualTo(2);
            }
        });
    }

    @Test
    void takesAnUnpinnedLinkOffAtItsClose() {
        OwnNetwork.run(() -> {
            int ifindex = OwnNetwork.veth(INTERFACE, ADDRESS, NEIGHBOUR.getHostString());
            Tcx.attach(pass(), ifindex, true).close();

            send();

            assertThat(counted()).isZero();
        });
    }

    @Test
    void keepsAPinnedLinkAndFindsItAgain() {
        try (PinFolder pins = new PinFolder()) {
            OwnNetwork.run(() -> {
                int ifindex = OwnNetwork.veth(INTERFACE, ADDRESS, NEIGHBOUR.getHostString());
                try (Attachment link = Tcx.attach(pass(), ifindex, true)) {
                    link.pin(pins.pin("link"));
                }
                send();
                assertThat(counted()).isEqualTo(1);
                try (Attachment found = Tcx.open(pins.pin("link"))) {
                    assertThat(found.ifindex()).isEqualTo(ifindex);
                    assertThat(found.hook()).isEqualTo(Hook.TC_EGRESS);
                    found.update(drop());
                    assertThat(found.programId()).isEqualTo(drop().info().id());
                    found.detach();
                }
                assertThat(Files.exists(pins.pin("link"))).isFalse();
                send();
                assertThat(counted()).isEqualTo(1);
            });
        }
    }

    @Test
    void tellsThatTheInterfaceOfALinkIsGone() {
        OwnNetwork.run(() -> {
            int ifindex = OwnNetwork.veth(INTERFACE, ADDRESS, NEIGHBOUR.getHostString());
            try (Attachment link = Tcx.attach(pass(), ifindex, false)) {
                assertThat(link.hook()).isEqualTo(Hook.TC_INGRESS);
                OwnNetwork.ip("link", "delete", INTERFACE);

                assertThat(link.ifindex()).isZero();
                assertThatThrownBy(() -> link.update(drop())).isInstanceOf(BpfException.class);
                link.detach();
            }
        });
    }

    @Test
    void runsPacketsThroughAClsactFilter() {
        OwnNetwork.run(() -> {
            int ifindex = OwnNetwork.veth(INTERFACE, ADDRESS, NEIGHBOUR.getHostString());
            assertThat(Clsact.open(ifindex, true)).isEmpty();
            Attachment filter = Clsact.attach(pass(), ifindex, true);
            assertThat(Clsact.open(ifindex, false)).isEmpty();
            send();
            assertThat(counted()).isEqualTo(1);
            filter.update(drop());
            assertThat(filter.programId()).isEqualTo(drop().info().id());
            filter.close();
            send();
            assertThat(counted()).isEqualTo(2);
            Attachment found = Clsact.open(ifindex, true).orElseThrow();
            assertThat(found.kind()).isEqualTo(AttachKind.CLSACT);
            found.detach();
            found.detach();
            send();
            assertThat(counted()).isEqualTo(2);
            assertThatThrownBy(found::programId).isInstanceOf(BpfException.class).hasMessageContaining("is not attached");
        });
    }

    @Test
    void replacesItsOwnClsactFilterOnly() {
        OwnNetwork.run(() -> {
            int ifindex = OwnNetwork.veth(INTERFACE, ADDRESS, NEIGHBOUR.getHostString());
            Clsact.attach(pass(), ifindex, true);
            Clsact.attach(drop(), ifindex, true);

            String filters = OwnNetwork.Commands.run("tc", "filter", "show", "dev", INTERFACE, "egress");

            assertThat(filters.lines().filter(line -> line.contains("handle"))).hasSize(1);
            assertThat(filters).contains("direct-action", "pref 77", "handle 0x4d616e78");
        });
    }

    /** Loopback's driver knows no xdp. */
    @Test
    void attachesToXdpInTheModeThatIsAskedFor() {
        OwnNetwork.run(() -> {
            assertThatThrownBy(() -> Xdp.attach(xdp.program("pass"), LOOPBACK, Xdp.Mode.NATIVE))
                    .isInstanceOfSatisfying(BpfException.class, e -> assertThat(e.errno()).isEqualTo(EOPNOTSUPP));
            Xdp.attach(xdp.program("pass"), LOOPBACK, Xdp.Mode.GENERIC).close();
        });
    }

    @Test
    void attachesToXdp() {
        try (PinFolder pins = new PinFolder()) {
            OwnNetwork.run(() -> {
                int ifindex = OwnNetwork.veth(INTERFACE, ADDRESS, NEIGHBOUR.getHostString());
                try (Attachment link = Xdp.attach(xdp.program("pass"), ifindex)) {
                    assertThatThrownBy(() -> Xdp.attach(xdp.program("pass"), ifindex))
                            .isInstanceOf(BpfException.class)
                            .hasMessageContaining("busy (16)");
                    assertThat(link.hook()).isEqualTo(Hook.XDP);
                    link.update(xdp.program("pass"));
                    link.pin(pins.pin("link"));
                    assertThatThrownBy(() -> Tcx.open(pins.pin("link"))).hasMessageContaining("is no TCX link");
                }
                try (Attachment found = Xdp.open(pins.pin("link"))) {
                    assertThat(found.ifindex()).isEqualTo(ifindex);
                    found.detach();
                }
            });
        }
    }
}
