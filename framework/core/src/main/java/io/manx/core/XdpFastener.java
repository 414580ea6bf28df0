package io.manx.core;

import io.manx.libbpf.BpfException;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.Xdp;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In the driver where it can, else in the kernel's generic receive path, which is slower and named as such. */
final class XdpFastener implements Fastener {
    private static final Logger LOG = LoggerFactory.getLogger(XdpFastener.class);
    private static final String NATIVE = "xdp-native";
    private static final String GENERIC = "xdp-generic";

    /** Somebody else's program is there, in either mode: trying the other would not help. */
    private static final int EBUSY = 16;

    @Override
    public Fastened fasten(BpfProgram program, String interfaceName, int ifindex, Place place) {
        try {
            return new Fastened(Xdp.attach(program, ifindex, Xdp.Mode.NATIVE), NATIVE, true);
        } catch (BpfException e) {
            if (e.errno() == EBUSY) {
                throw e;
            }
            Fastened generic = new Fastened(Xdp.attach(program, ifindex, Xdp.Mode.GENERIC), GENERIC, true);
            LOG.warn("interface {}: its driver does not run xdp programs ({}): attached by {}, which is slower",
                    interfaceName, e.getMessage(), GENERIC);
            return generic;
        }
    }

    @Override
    public boolean adopts(LinkPin pin) {
        return true;
    }

    /** A link does not tell its mode; its pin does. */
    @Override
    public Optional<Fastened> open(LinkPin pin, int ifindex) {
        return Fastener.on(ifindex, new Fastened(Xdp.open(pin.path()), pin.how(), true));
    }

    @Override
    public String pinWord(Place place, Fastened fastened) {
        return fastened.mode();
    }
}
