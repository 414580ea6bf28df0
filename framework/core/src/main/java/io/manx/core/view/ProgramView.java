package io.manx.core.view;

/**
 * A program of Manx in the kernel.
 *
 * @param instructions BPF instructions after the verifier
 * @param verifiedInstructions that the verifier followed, on every path it took: what loading costs
 * @param jitedBytes of machine code
 */
public record ProgramView(
        int id,
        String name,
        String stage,
        String bundle,
        int instructions,
        int verifiedInstructions,
        int jitedBytes,
        String tag) {}
