package io.manx.bench.lab;

/**
 * A packet that is run many times.
 *
 * @param bytes from the Ethernet header on
 * @param port of the gateway, which it comes in by
 * @param version of IP
 * @param reply whether it goes to the end that varies
 */
public record Template(byte[] bytes, String port, int version, boolean reply) {}
