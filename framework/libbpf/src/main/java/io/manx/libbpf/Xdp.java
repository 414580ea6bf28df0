package io.manx.libbpf;

import java.nio.file.Path;

/** Links on the xdp hook. */
public final class Xdp {
    /** Who runs the program. Numbers as XDP_FLAGS_* of if_link.h. */
    public enum Mode {
        /** The driver, before the kernel makes an skb of the packet. */
        NATIVE(1 << 2),
        /** The kernel's receive path, for drivers that can't. */
        GENERIC(1 << 1);

        private final int flag;

        Mode(int flag) {
            this.flag = flag;
        }
    }

    private static final int BPF_XDP = 37;

    private Xdp() {}

    /**
     * Attaches in the driver where it can, else in the kernel's generic receive path.
     *
     * @throws BpfException EINVAL when there is no such interface, EBUSY when it has an xdp program already
     */
    public static Attachment attach(BpfProgram program, int ifindex) {
        return Link.create(AttachKind.XDP, Hook.XDP, BPF_XDP, program, ifindex, 0);
    }

    /**
     * Attaches in this mode or not at all.
     *
     * @throws BpfException EOPNOTSUPP when the driver can't, EBUSY when the interface has an xdp program already, EINVAL
     *     when there is no such interface
     */
    public static Attachment attach(BpfProgram program, int ifindex, Mode mode) {
        return Link.create(AttachKind.XDP, Hook.XDP, BPF_XDP, program, ifindex, mode.flag);
    }

    /** Opens a link by its pin. @throws BpfException ENOENT when there is none; EINVAL when it is another kind of thing */
    public static Attachment open(Path pin) {
        return Link.open(AttachKind.XDP, LinkInfo.TYPE_XDP, 0, pin);
    }
}
