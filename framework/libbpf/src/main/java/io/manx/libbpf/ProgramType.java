package io.manx.libbpf;

import java.util.Arrays;

/** Kinds of programs, as {@code enum bpf_prog_type}. */
public enum ProgramType {
    /** On a tc hook, and on tcx. */
    TC(3),
    XDP(6),
    SYSCALL(31),
    /** Any that Manx has no use for. */
    OTHER(0);

    private final int number;

    ProgramType(int number) {
        this.number = number;
    }

    static ProgramType of(int number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst().orElse(OTHER);
    }
}
