package io.manx.core;

import io.manx.libbpf.Attachment;
import io.manx.libbpf.BpfProgram;
import java.util.Optional;

/** How the programs of a hook get onto an interface. */
interface Fastener {
    /**
     * A program that has been attached.
     *
     * @param mode as {@link io.manx.core.view.PipelineView#attach} has it
     * @param isLink whether it would go with this process unless it is pinned
     */
    record Fastened(Attachment attachment, String mode, boolean isLink) {}

    /** @throws io.manx.libbpf.BpfException the kernel refuses */
    Fastened fasten(BpfProgram program, String interfaceName, int ifindex, Place place);

    /** Whether what an earlier run left is to be taken over. */
    boolean adopts(LinkPin pin);

    /** Takes away what an earlier run attached at the same place in another way; it would run beside this one. */
    default void removeOthersOfOurs(AttachPoint point) {}

    /** Who can have taken an attachment of this mode off without Manx. */
    static String whoDetaches(String mode) {
        return mode.equals("clsact")
                ? "`tc filter del` and `tc qdisc del ... clsact` do that, and agents that take all of clsact for theirs"
                : "`bpftool link detach` does that, and any program of root's by BPF_LINK_DETACH";
    }

    /** Opens what an earlier run left; empty where it is not on this interface. */
    Optional<Fastened> open(LinkPin pin, int ifindex);

    /** Where both are of one interface; closes what is of another. */
    static Optional<Fastened> on(int ifindex, Fastened found) {
        if (found.attachment().ifindex() == ifindex) {
            return Optional.of(found);
        }
        found.attachment().close();
        return Optional.empty();
    }

    /** The last part of the pin's name for what has just been attached. */
    String pinWord(Place place, Fastened fastened);
}
