package io.manx.testkit;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Tail calls in what the x86-64 JIT made of a program. Every call, direct or not, first compares the count of calls so
 * far with the kernel's limit of 33. One whose row is known only at run time then reads the target from the prog array,
 * by the only scaled index the JIT ever writes; where the row is a constant there is no such read, as the kernel patches
 * the jump's target into the code. With retpolines the indirect jump itself looks like a direct one: the read does not.
 *
 * <pre>
 *   48 83 38 21                cmp qword ptr [rax], 33
 *   48 8b 8c d6 imm32          mov rcx, [rsi + rdx * 8 + imm32]
 *   ff e1                      jmp rcx, right behind a known instruction: 48 83 c1 imm8, add rcx, imm8
 * </pre>
 *
 * @param calls sites of tail calls
 * @param readTargets those whose target is read from the prog array
 * @param jumpsByRegister jumps to where a register says
 */
public record MachineCode(int calls, int readTargets, int jumpsByRegister) {
    private static final Pattern LIMIT = Pattern.compile("\\x48\\x83\\x38\\x21", Pattern.DOTALL);
    private static final Pattern READ = Pattern.compile("\\x48\\x8b\\x8c\\xd6", Pattern.DOTALL);
    private static final Pattern BY_REGISTER = Pattern.compile("\\x48\\x83\\xc1.(\\x0f\\xae\\xe8)?\\xff\\xe1", Pattern.DOTALL);

    /** @param code all functions of a program, as the kernel gives them */
    public static MachineCode of(byte[] code) {
        String bytes = new String(code, StandardCharsets.ISO_8859_1);
        return new MachineCode(count(LIMIT, bytes), count(READ, bytes), count(BY_REGISTER, bytes));
    }

    /** Sites that jump straight to the next program. */
    public int direct() {
        return calls - Math.max(readTargets, jumpsByRegister);
    }

    private static int count(Pattern pattern, String bytes) {
        return (int) pattern.matcher(bytes).results().count();
    }
}
