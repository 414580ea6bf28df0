package io.manx.libbpf;

import java.nio.file.Path;

/** A program on an interface: packets run through it. */
public interface Attachment extends AutoCloseable {
    /** The interface's index in its network namespace; 0 when the interface is gone. */
    int ifindex();

    AttachKind kind();

    Hook hook();

    /** The kernel's number of the program that packets run through now. @throws BpfException nothing is attached any more */
    int programId();

    /** Whether it is still there: others can take it off by force, and it goes with its interface. */
    boolean isAttached();

    /** Changes the program, at once: each packet runs through the old one or the new one. */
    void update(BpfProgram program);

    /**
     * Keeps a link attached when the last process that holds it is gone. A clsact filter stays of itself: nothing is
     * pinned for it, and {@link Clsact#open} finds it again.
     *
     * @param path in a bpffs, in a folder that exists
     */
    void pin(Path path);

    /** Takes the program off the interface, and removes the pin this handle made or was opened from. A repeat does nothing. */
    void detach();

    /** Closes this handle. A link that is not pinned, and that nobody else holds, goes with it; a clsact filter stays. */
    @Override
    void close();
}
