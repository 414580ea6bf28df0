package io.manx.libbpf;

import java.nio.file.Path;

/** Links on the xdp hook. */
public final class Xdp {
    private static final int BPF_XDP = 37;

    private Xdp() {}

    /**
     * Attaches in the driver where it can, else in the kernel's generic receive path.
     *
     * @throws BpfException EINVAL when there is no such interface, EBUSY when it has an xdp program already
     */
    public static Attachment attach(BpfProgram program, int ifindex) {
        return Link.create(AttachKind.XDP, Hook.XDP, BPF_XDP, program, ifindex);
    }

    /** Opens a link by its pin. @throws BpfException ENOENT when there is none; EINVAL when it is another kind of thing */
    public static Attachment open(Path pin) {
        return Link.open(AttachKind.XDP, LinkInfo.TYPE_XDP, 0, pin);
    }
}
