package io.manx.core;

/** How tc programs are attached. */
public enum AttachMode {
    /** tcx where the kernel has it (6.6), else clsact. */
    AUTO,
    TCX,
    CLSACT;

    /** @throws IllegalArgumentException it is none of these */
    public static AttachMode parse(String text) {
        return switch (text) {
            case "", "auto" -> AUTO;
            case "tcx" -> TCX;
            case "clsact" -> CLSACT;
            default -> throw new IllegalArgumentException("unknown way to attach: " + text + " (expected tcx or clsact)");
        };
    }
}
