package io.manx.itest.conntrack;

/** The two gateways did not do the same with a step. */
record Difference(Mode mode, Scenario scenario, int at, Delivered manx, Delivered kernel) {
    enum Kind {
        /** Manx lets by what the kernel does not. */
        MANX_ONLY,
        KERNEL_ONLY,
        /** Both let by, but not the same bytes. */
        CONTENT,
        /** What is whole is the same; fragments of what is not whole came out of one. */
        PARTS,
        /** What came out is the same, but not what the sender was told. */
        ANSWERS
    }

    Step step() {
        return scenario.steps().get(at);
    }

    Kind kind() {
        if (manx.whole().equals(kernel.whole())) {
            return manx.incomplete() == kernel.incomplete() ? Kind.ANSWERS : Kind.PARTS;
        }
        if (kernel.isNothing()) {
            return Kind.MANX_ONLY;
        }
        return manx.isNothing() ? Kind.KERNEL_ONLY : Kind.CONTENT;
    }

    @Override
    public String toString() {
        String bytes = kind() == Kind.CONTENT ? "\n    Manx " + manx.whole() + "\n    kernel " + kernel.whole() : "";
        return mode + ", " + scenario + ", step " + at + ": Manx let by " + manx + ", the kernel " + kernel + ":" + scenario.until(at) + bytes;
    }
}
