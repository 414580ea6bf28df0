package io.manx.fastpath;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** A flow's two ends, and what they say next. Of TCP the sequence numbers come round while they talk. */
final class Talk {
    /** The test run takes the loopback device, of zeros, as the packet's interface: other MACs are another host's. */
    static final byte[] THIS_HOST = new byte[6];

    static final byte[] SENDER = {2, 0, 0, 0, 0, 1};
    static final InetAddress CLIENT4 = Packets.address("10.0.1.2");
    static final InetAddress SERVER4 = Packets.address("10.0.2.2");
    static final InetAddress FRONTEND4 = Packets.address("10.96.0.10");
    static final InetAddress CLIENT6 = Packets.address("fd00:1::2");
    static final InetAddress SERVER6 = Packets.address("fd00:2::2");
    static final InetAddress FRONTEND6 = Packets.address("fd00:96::10");
    static final int SERVER_PORT = 8080;
    static final int FRONTEND_PORT = 80;

    private static final int TCP_FIN = 0x01;
    private static final int TCP_SYN = 0x02;

    final boolean tcp;
    final InetAddress client;
    final int clientPort;
    final InetAddress asked;
    final int askedPort;
    final InetAddress server;
    final int serverPort;
    int clientNext = 0xffffff00;
    int serverNext = 0x7fffff00;

    /** @param asked whom the client speaks to. @param server who answers */
    Talk(boolean tcp, InetAddress client, int clientPort, InetAddress asked, int askedPort, InetAddress server, int serverPort) {
        this.tcp = tcp;
        this.client = client;
        this.clientPort = clientPort;
        this.asked = asked;
        this.askedPort = askedPort;
        this.server = server;
        this.serverPort = serverPort;
    }

    static Talk direct(String kind, int clientPort) {
        boolean v4 = kind.endsWith("4");
        return new Talk(
                kind.startsWith("tcp"), v4 ? CLIENT4 : CLIENT6, clientPort, v4 ? SERVER4 : SERVER6, SERVER_PORT,
                v4 ? SERVER4 : SERVER6, SERVER_PORT);
    }

    static Talk translated(String kind, int clientPort, boolean portChanges) {
        boolean v4 = kind.endsWith("4");
        return new Talk(
                kind.startsWith("tcp"), v4 ? CLIENT4 : CLIENT6, clientPort, v4 ? FRONTEND4 : FRONTEND6, FRONTEND_PORT,
                v4 ? SERVER4 : SERVER6, portChanges ? SERVER_PORT : FRONTEND_PORT);
    }

    boolean v4() {
        return client instanceof Inet4Address;
    }

    int l4() {
        return v4() ? 34 : 54;
    }

    /** The client's next words, not yet said. */
    PacketBuilder out(String... flags) {
        PacketBuilder packet = tcp
                ? Packets.tcp(client, clientPort, asked, askedPort)
                        .sequence(clientNext, has("ACK", flags) ? serverNext : 0)
                        .flags(flags)
                : Packets.udp(client, clientPort, asked, askedPort);
        return packet.macs(SENDER, THIS_HOST).ttl(64).payload(0);
    }

    PacketBuilder out() {
        return out("ACK");
    }

    /** The server's. */
    PacketBuilder back(String... flags) {
        PacketBuilder packet = tcp
                ? Packets.tcp(server, serverPort, client, clientPort)
                        .sequence(serverNext, has("ACK", flags) ? clientNext : 0)
                        .flags(flags)
                : Packets.udp(server, serverPort, client, clientPort);
        return packet.macs(SENDER, THIS_HOST).ttl(64).payload(0);
    }

    PacketBuilder back() {
        return back("ACK");
    }

    PacketBuilder next(boolean fromClient, String... flags) {
        return fromClient ? out(flags) : back(flags);
    }

    private static boolean has(String flag, String... flags) {
        return List.of(flags).contains(flag);
    }

    /** Takes what was sent as said. */
    void said(boolean byClient, byte[] packet) {
        if (!tcp) {
            return;
        }
        int flags = packet[l4() + 13];
        int octets = packet.length - l4() - (packet[l4() + 12] >> 4 & 0xf) * 4
                + ((flags & TCP_SYN) != 0 ? 1 : 0) + ((flags & TCP_FIN) != 0 ? 1 : 0);
        if (byClient) {
            clientNext += octets;
        } else {
            serverNext += octets;
        }
    }

    Twins.Step say(Twins twins, boolean byClient, PacketBuilder packet) {
        byte[] bytes = packet.build();
        Twins.Step step = twins.pass(this + (byClient ? " ->" : " <-"), bytes);
        said(byClient, bytes);
        return step;
    }

    /** Up to where nothing more is asked about plain packets of either leg. */
    void settle(Twins twins) {
        if (tcp) {
            say(twins, true, out("SYN").tcpOptions(3, 3, 7));
            say(twins, false, back("SYN", "ACK").tcpOptions(3, 3, 2));
            say(twins, true, out());
        }
        for (int i = 0; i < 4; i++) {
            say(twins, true, out().payload(100));
            say(twins, false, back().payload(50));
        }
    }

    @Override
    public String toString() {
        return (tcp ? "tcp " : "udp ") + client.getHostAddress() + ":" + clientPort + " to " + asked.getHostAddress() + ":"
                + askedPort + (asked.equals(server) ? "" : " at " + server.getHostAddress() + ":" + serverPort);
    }
}
