package io.manx.bench.programs;

import io.manx.bench.lab.Config;
import io.manx.bench.lab.Lab;
import io.manx.bench.lab.Template;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The packets by which a flow becomes established, and the one that is then sent over and over.
 *
 * @param name {@code v4 tcp translated}
 * @param rewritten whether nat has something to do with its packets
 * @param opening in their order, the originator's and the responder's
 */
public record Conversation(String name, boolean rewritten, List<Template> opening, Template packet) {
    private static final int CLIENT_PORT = 1024;
    /** Every packet has all headers in its first 80 bytes, and as many bytes whatever its protocols. */
    private static final int BYTES = 110;

    public static Conversation plain(String protocol, int version) throws IOException {
        String client = version == 4 ? Lab.CLIENT4 : Lab.CLIENT6;
        String server = version == 4 ? Lab.SERVER4 : Lab.SERVER6;
        return of("v" + version + " " + protocol, protocol, client, server, Config.PORT, server, Config.PORT);
    }

    /** To the service's address. */
    static Conversation translated(String protocol) throws IOException {
        return of("v4 " + protocol + " translated", protocol, Lab.CLIENT4, Config.FRONTEND, Config.FRONTEND_PORT,
                Lab.SERVER4, Config.BACKEND_PORT);
    }

    /** To a port that no rule allows. */
    static Conversation denied() throws IOException {
        return of("v4 udp", "udp", Lab.CLIENT4, Lab.SERVER4, Config.DENIED_PORT, Lab.SERVER4, Config.DENIED_PORT);
    }

    private static Conversation of(
            String name, String protocol, String client, String to, int port, String server, int serverPort)
            throws IOException {
        InetAddress from = Packets.address(client);
        int version = client.contains(":") ? 6 : 4;
        Ends there = new Ends(from, CLIENT_PORT, Packets.address(to), port);
        Ends back = new Ends(Packets.address(server), serverPort, from, CLIENT_PORT);
        List<Template> opening = new ArrayList<>();
        boolean rewritten = !to.equals(server);
        if (protocol.equals("udp")) {
            opening.add(there(Packets.udp(from, CLIENT_PORT, there.to(), port), version));
            opening.add(back(Packets.udp(back.from(), serverPort, from, CLIENT_PORT), version));
            /* Twice: what is known after one answer may still be held for young. */
            opening.addAll(List.copyOf(opening));
            return new Conversation(name, rewritten, opening, opening.get(0));
        }
        opening.add(there(there.tcp().flags("SYN").sequence(1000, 0), version));
        opening.add(back(back.tcp().flags("SYN", "ACK").sequence(5000, 1001), version));
        opening.add(there(there.tcp().flags("ACK").sequence(1001, 5001), version));
        opening.add(back(back.tcp().flags("ACK").sequence(5001, 1001), version));
        return new Conversation(name, rewritten, opening, there(there.tcp().flags("ACK").sequence(1001, 5001), version));
    }

    private record Ends(InetAddress from, int fromPort, InetAddress to, int toPort) {
        PacketBuilder tcp() {
            return Packets.tcp(from, fromPort, to, toPort);
        }
    }

    private static Template there(PacketBuilder packet, int version) throws IOException {
        return template(packet, Lab.CLIENT_PORT, version, false);
    }

    private static Template back(PacketBuilder packet, int version) throws IOException {
        return template(packet, Lab.SERVER_PORT, version, true);
    }

    private static Template template(PacketBuilder packet, String port, int version, boolean reply) throws IOException {
        packet.macs(new byte[] {2, 0, 0, 0, 0, 1}, Lab.mac(port));
        int headers = packet.build().length;
        return new Template(packet.payload(BYTES - headers).build(), port, version, reply);
    }
}
