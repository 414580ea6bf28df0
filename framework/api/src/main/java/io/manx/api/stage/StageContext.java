package io.manx.api.stage;

import io.manx.api.layout.Layout;
import io.manx.api.network.KernelNetwork;
import org.osgi.annotation.versioning.ProviderType;

/** A loaded stage, as its {@link StageControl} sees it. Safe for use from several threads. */
@ProviderType
public interface StageContext {
    /** @throws IllegalArgumentException the object declares no map of this name */
    StateMap map(String name);

    /** Layout of a C struct of the object, by its tag. @throws IllegalArgumentException the object has none */
    Layout struct(String tag);

    /** Value of an enumerator anywhere in the object. @throws IllegalArgumentException the object has none */
    long constant(String enumerator);

    /**
     * Runs a program of the object that is not its stage, once: one of SEC("syscall") without a packet, any other on
     * a packet of zeros. While a program of SEC("tc") runs, its CPU takes no packets: work of more than microseconds
     * belongs in one of SEC("syscall").
     *
     * @param program its name in C
     * @return what the program returned
     */
    int run(String program);

    /**
     * Sends a program of SEC("iter/bpf_map_elem") of the object through a map, as it is while it is walked. The slices are
     * the program's choice: one ends where it writes a byte.
     *
     * @param program its name in C
     * @param map its name in C
     * @return the caller closes it
     */
    default MapWalk walk(String program, String map) {
        throw new UnsupportedOperationException("this context walks no maps");
    }

    /** Reads a map of type ring buffer. @param map its name in C. @return the caller closes it */
    default EventStream events(String map) {
        throw new UnsupportedOperationException("this context reads no events");
    }

    /** A stage that is idle is routed around, at no cost to packets, until it says it has work. Starts as busy. */
    void idle(boolean idle);

    /** Raises the epoch: each flow's next packet is judged and routed anew. */
    void rejudge();

    /** Interfaces and routes of the network namespace that Manx works in. */
    KernelNetwork network();
}
