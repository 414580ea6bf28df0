package io.manx.core;

import io.manx.libbpf.BpfException;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.Clsact;
import io.manx.libbpf.Tcx;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** tcx where the kernel has it, else clsact, unless the user asked for one. */
final class TcFastener implements Fastener {
    private static final Logger LOG = LoggerFactory.getLogger(TcFastener.class);
    private static final String TCX = "tcx";
    private static final String CLSACT = "clsact";

    /** The kernel's answer to an attach type it does not know. */
    private static final int EINVAL = 22;

    private AttachMode mode;

    TcFastener(AttachMode mode) {
        this.mode = mode;
    }

    @Override
    public Fastened fasten(BpfProgram program, String interfaceName, int ifindex, Place place) {
        if (mode != AttachMode.CLSACT) {
            try {
                return new Fastened(Tcx.attach(program, ifindex, place.egress()), TCX, true);
            } catch (BpfException e) {
                if (mode == AttachMode.TCX || e.errno() != EINVAL) {
                    throw e;
                }
                LOG.info("this kernel has no tcx (6.6 and later do): attaching by clsact");
                mode = AttachMode.CLSACT;
            }
        }
        return new Fastened(Clsact.attach(program, ifindex, place.egress()), CLSACT, false);
    }

    @Override
    public boolean adopts(LinkPin pin) {
        return pin.isClsact() == (mode == AttachMode.CLSACT);
    }

    @Override
    public void removeOthersOfOurs(AttachPoint point) {
        if (point.mode().equals(TCX)) {
            Clsact.open(point.ifindex(), point.place().egress()).ifPresent(filter -> {
                filter.detach();
                filter.close();
            });
        }
    }

    @Override
    public Optional<Fastened> open(LinkPin pin, int ifindex) {
        return pin.isClsact()
                ? Clsact.open(ifindex, pin.isAt(Place.TC_EGRESS)).map(filter -> new Fastened(filter, CLSACT, false))
                : Fastener.on(ifindex, new Fastened(Tcx.open(pin.path()), TCX, true));
    }

    @Override
    public String pinWord(Place place, Fastened fastened) {
        return fastened.isLink() ? place.word() : place.word() + LinkPin.CLSACT;
    }
}
