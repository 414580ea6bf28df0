package io.manx.libbpf;

/**
 * A constant that is filled in before its object is loaded.
 *
 * @param type as declared: {@code __u32}
 * @param size bytes
 * @param description as SETTING() gives it; empty for a plain {@code const volatile}
 * @param initial what it is when nobody sets it
 */
public record Setting(String name, String type, int size, String description, long initial) {}
