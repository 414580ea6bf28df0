package io.manx.fastpath;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Tests whose packets take both chains: loaded once for all tests of a class, before each as if none had been. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class OnTwins {
    final Twins twins;

    /** @param told with objects that tell where they redirect to */
    OnTwins(boolean told) {
        twins = new Twins(told);
    }

    @BeforeEach
    void clear() {
        twins.clear();
        twins.configure(true, true);
        Given.routes(twins);
    }

    @AfterAll
    void close() {
        twins.close();
    }
}
