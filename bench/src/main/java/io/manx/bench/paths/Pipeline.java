package io.manx.bench.paths;

import io.manx.bench.lab.Dataplane;
import java.io.IOException;

/** Manx, told by the resources that a user writes. */
final class Pipeline implements Way.Forwarder {
    private final String resources;
    private Dataplane manx;

    Pipeline(String resources) {
        this.resources = resources;
    }

    @Override
    public void up() throws IOException {
        manx = new Dataplane(resources);
    }

    @Override
    public void down() {
        manx.close();
    }
}
