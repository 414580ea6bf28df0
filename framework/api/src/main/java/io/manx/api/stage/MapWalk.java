package io.manx.api.stage;

import org.osgi.annotation.versioning.ProviderType;

/** A program of the stage's object on its way through a map's entries, a slice at a time. For use by one thread. */
@ProviderType
public interface MapWalk extends AutoCloseable {
    /**
     * Runs the program on the entries of the next slice, in one system call that holds its CPU.
     *
     * @return how many bytes the program wrote at the slice's end; 0: there are no more entries
     * @throws RuntimeException the kernel refused
     */
    int step();

    @Override
    void close();
}
