package io.manx.libbpf;

import java.nio.file.Path;

/** Links on the tc hooks, from kernel 6.6 on. */
public final class Tcx {
    private static final int INGRESS = 46;
    private static final int EGRESS = 47;

    private Tcx() {}

    /**
     * Attaches behind the programs that are there already.
     *
     * @param ifindex of an interface in this process's network namespace
     * @throws BpfException ENODEV when there is no such interface, EINVAL when the kernel is older than 6.6
     */
    public static Attachment attach(BpfProgram program, int ifindex, boolean egress) {
        return Link.create(AttachKind.TCX, Hook.tc(egress), egress ? EGRESS : INGRESS, program, ifindex, 0);
    }

    /** Opens a link by its pin. @throws BpfException ENOENT when there is none; EINVAL when it is another kind of thing */
    public static Attachment open(Path pin) {
        return Link.open(AttachKind.TCX, LinkInfo.TYPE_TCX, EGRESS, pin);
    }
}
