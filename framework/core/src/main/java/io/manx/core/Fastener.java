package io.manx.core;

import io.manx.libbpf.Attachment;
import io.manx.libbpf.BpfProgram;

/** How the programs of a hook get onto an interface. */
interface Fastener {
    /**
     * A program that has been attached.
     *
     * @param mode as {@link io.manx.core.view.PipelineView#attach} has it
     * @param pinnable whether it would go with this process unless it is pinned
     */
    record Fastened(Attachment attachment, String mode, boolean pinnable) {}

    /** @throws io.manx.libbpf.BpfException the kernel refuses */
    Fastened fasten(BpfProgram program, String interfaceName, int ifindex, Place place);

    /** Whether the links of an earlier run are to be taken over. */
    boolean adopts();

    /** Takes away what an earlier run attached at the same place in another way; it would run beside this one. */
    default void removeOthersOfOurs(AttachPoint point) {}

    /** Who can have taken an attachment of this mode off without Manx. */
    static String whoDetaches(String mode) {
        return mode.equals("clsact")
                ? "`tc filter del` and `tc qdisc del ... clsact` do that, and agents that take all of clsact for theirs"
                : "`bpftool link detach` does that, and any program of root's by BPF_LINK_DETACH";
    }

    /** Opens the link of an earlier run. */
    Fastened open(LinkPin pin);

    /** The last part of the pin's name for what has just been attached. */
    String pinWord(Place place, Fastened fastened);
}
