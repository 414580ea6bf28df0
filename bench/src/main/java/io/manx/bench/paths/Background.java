package io.manx.bench.paths;

import io.manx.bench.lab.Config;
import io.manx.bench.lab.Lab;
import io.manx.bench.run.Effort;
import io.manx.testkit.Running;
import java.io.IOException;

/** Traffic that crosses the gateway while something else is measured: datagrams of one flow, as fast as one core sends them. */
public final class Background implements AutoCloseable {
    /** No traffic. */
    public static final Background NONE = new Background(null, null);

    /** Longer than whatever is measured; it is ended before. */
    private static final int LONGEST_MS = 600_000;
    private static final int STARTED_MS = 300;

    private final Traffic traffic;
    private final Running flood;

    private Background(Traffic traffic, Running flood) {
        this.traffic = traffic;
        this.flood = flood;
    }

    /** @throws IOException nothing arrives at the server */
    public static Background between(Lab lab) throws IOException, InterruptedException {
        Traffic traffic = new Traffic(lab, Effort.TINY);
        Way way = new Way("background", Lab.SERVER4, Config.PORT, Config.PORT, null);
        Background background = new Background(traffic, traffic.flooding(way, LONGEST_MS));
        try {
            Thread.sleep(STARTED_MS);
            background.check();
        } catch (IOException | InterruptedException | RuntimeException e) {
            background.close();
            throw e;
        }
        return background;
    }

    private void check() throws IOException, InterruptedException {
        long before = traffic.arrived();
        Thread.sleep(STARTED_MS);
        if (traffic.arrived() == before) {
            throw new IOException("no datagram of the background traffic comes to the server; its sender says: " + flood.output());
        }
    }

    @Override
    public String toString() {
        return flood == null ? "no traffic" : "under traffic from client to server";
    }

    /** @throws IOException it had ended already, so that what was measured was not under traffic */
    @Override
    public void close() throws IOException {
        if (flood == null) {
            return;
        }
        boolean flooding = flood.alive();
        flood.close();
        traffic.close();
        if (!flooding) {
            throw new IOException("the background traffic ended too early: " + flood.output());
        }
    }
}
