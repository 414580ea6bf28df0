package io.manx.bench.paths;

/**
 * One way from the client to the server.
 *
 * @param to where the client sends to
 * @param toPort likewise
 * @param bindPort where the server hears it
 * @param forwarder what the gateway does with it
 */
record Way(String name, String to, int toPort, int bindPort, Forwarder forwarder) {

    /** How the gateway is made to forward. */
    interface Forwarder {
        void up() throws Exception;

        void down() throws Exception;
    }
}
