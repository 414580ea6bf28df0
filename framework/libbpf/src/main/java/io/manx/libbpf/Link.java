package io.manx.libbpf;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An attachment that the kernel keeps as a bpf_link: tcx or xdp. */
final class Link implements Attachment {
    /** As struct bpf_link_create_opts of bpf.h, up to flags. */
    private static final int OPTIONS_BYTES = 16;

    private final AttachKind kind;
    private final Hook hook;
    private final String subject;
    private final Descriptor descriptor;
    private volatile Path pin;

    private Link(AttachKind kind, Hook hook, String subject, Descriptor descriptor, Path pin) {
        this.kind = kind;
        this.hook = hook;
        this.subject = subject;
        this.descriptor = descriptor;
        this.pin = pin;
    }

    /**
     * @param type as enum bpf_attach_type
     * @param flags as the attach type has them
     */
    static Link create(AttachKind kind, Hook hook, int type, BpfProgram program, int ifindex, int flags) {
        String subject = kind + " " + hook + " of interface " + ifindex;
        try (Memory options = Info.zeros(OPTIONS_BYTES)) {
            options.setLong(0, OPTIONS_BYTES);
            options.setInt(8, flags);
            int fd = Libbpf.bpf_link_create(program.fd(), ifindex, type, options);
            Errno.check(fd, "bpf_link_create", subject + ", " + program);
            return new Link(kind, hook, subject, new Descriptor(fd, subject), null);
        }
    }

    /** @param egressType the attach type that means egress */
    static Link open(AttachKind kind, int linkType, int egressType, Path pin) {
        Descriptor descriptor = Descriptor.open(pin, "bpf-link");
        try {
            LinkInfo info = LinkInfo.of(descriptor.fd(), "pin " + pin);
            if (info.type() != linkType) {
                throw new BpfException(
                        "bpf_obj_get", "pin " + pin, Errno.EINVAL, "is no " + kind + " link but of type " + info.type());
            }
            Hook hook = kind == AttachKind.XDP ? Hook.XDP : Hook.tc(info.attachType() == egressType);
            return new Link(kind, hook, kind + " link " + pin, descriptor, pin);
        } catch (BpfException e) {
            descriptor.close();
            throw e;
        }
    }

    @Override
    public int ifindex() {
        return info().ifindex();
    }

    @Override
    public AttachKind kind() {
        return kind;
    }

    @Override
    public Hook hook() {
        return hook;
    }

    @Override
    public int programId() {
        return info().programId();
    }

    /** A link whose program was taken off stays, but has no interface any more. */
    @Override
    public boolean isAttached() {
        return ifindex() != 0;
    }

    private LinkInfo info() {
        return LinkInfo.of(descriptor.fd(), subject);
    }

    @Override
    public void update(BpfProgram program) {
        int result = Libbpf.bpf_link_update(descriptor.fd(), program.fd(), null);
        Errno.check(result, "bpf_link_update", subject + ", " + program);
    }

    @Override
    public void pin(Path path) {
        descriptor.pin(path);
        pin = path;
    }

    @Override
    public void detach() {
        int result = Libbpf.bpf_link_detach(descriptor.fd());
        if (result != -Errno.ENOLINK) {
            Errno.check(result, "bpf_link_detach", subject);
        }
        Path at = pin;
        if (at != null) {
            unpin(at);
        }
    }

    private void unpin(Path at) {
        try {
            Files.deleteIfExists(at);
            pin = null;
        } catch (IOException e) {
            throw new BpfException("unlink", subject, Errno.EIO, "is detached, but its pin stays: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return subject;
    }
}
