package io.manx.bench.paths;

import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Lab;
import java.io.IOException;

/** Manx, told by the resources that a user writes. */
final class Pipeline implements Way.Forwarder {
    private final Lab lab;
    private final String resources;
    private Dataplane manx;

    Pipeline(Lab lab, String resources) {
        this.lab = lab;
        this.resources = resources;
    }

    @Override
    public void up() throws IOException {
        manx = lab.manx(resources);
    }

    @Override
    public void down() {
        manx.close();
    }
}
