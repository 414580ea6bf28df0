package io.manx.libbpf;

/**
 * What came of running a program on a packet that no interface saw.
 *
 * @param returned the program's return value
 * @param packet as the program left it
 * @param nanos of one run, on average
 * @param context the {@code struct __sk_buff} afterwards; empty when none was given
 */
public record TestRun(int returned, byte[] packet, long nanos, byte[] context) {}
