package io.manx.libbpf;

/**
 * A program in an object file.
 *
 * @param name the function's
 * @param section of the ELF, which says where the program may run: {@code tc}
 */
public record ProgramSpec(String name, String section, ProgramType type) {}
