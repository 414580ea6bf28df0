package io.manx.core.view;

/**
 * A program of Manx in the kernel.
 *
 * @param instructions BPF instructions after the verifier
 * @param jitedBytes of machine code
 */
public record ProgramView(
        int id, String name, String stage, String bundle, int instructions, int jitedBytes, String tag) {}
