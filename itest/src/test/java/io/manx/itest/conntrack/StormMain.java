package io.manx.itest.conntrack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A program: a wire between two interfaces that loses frames, carries some twice, and some later than those behind them.
 * Each line of its standard input says how many of a thousand: LOST TWICE LATE, and is answered; at its end it ends, and
 * tells what it has done. This kernel may have no netem. Arguments: INTERFACE INTERFACE SEED.
 */
final class StormMain {
    private static final long PAUSE_NANOS = 30_000;

    /** Frames of one direction. */
    private static final class Way {
        private static final int MOST_OVERTAKING = 6;
        private static final long LONGEST_NANOS = Duration.ofMillis(3).toNanos();

        private final RawPort from;
        private final RawPort to;
        private final Deque<byte[]> late = new ArrayDeque<>();
        private int overtaking;
        private long heldSinceNanos;

        Way(RawPort from, RawPort to) {
            this.from = from;
            this.to = to;
        }
    }

    private final Random random;
    private volatile int[] perMille = {0, 0, 0};
    private volatile boolean ended;
    private long carried;
    private long lost;
    private long twice;
    private long overtaken;

    private StormMain(long seed) {
        random = new Random(seed);
    }

    public static void main(String[] arguments) {
        StormMain storm = new StormMain(Long.parseLong(arguments[2]));
        Thread reader = new Thread(storm::obey, "what to do");
        reader.setDaemon(true);
        try (RawPort left = new RawPort(arguments[0]);
                RawPort right = new RawPort(arguments[1])) {
            reader.start();
            System.out.println("carrying");
            storm.run(new Way(left, right), new Way(right, left));
        }
        System.out.println("carried " + storm.carried + " lost " + storm.lost + " twice " + storm.twice + " late " + storm.overtaken);
    }

    private void obey() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.strip().split(" ");
                perMille = new int[] {Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2])};
                System.out.println("now " + line.strip());
            }
        } catch (IOException | NumberFormatException e) {
            System.out.println("ended by what it was told: " + e);
        }
        ended = true;
    }

    private void run(Way there, Way back) {
        while (!ended) {
            boolean busy = step(there);
            busy |= step(back);
            if (!busy) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** @return whether there was a frame */
    private boolean step(Way way) {
        Optional<byte[]> frame = way.from.receive();
        frame.ifPresent(f -> pass(way, f));
        boolean due = way.overtaking <= 0 || System.nanoTime() - way.heldSinceNanos > Way.LONGEST_NANOS;
        while (due && !way.late.isEmpty()) {
            way.to.send(way.late.poll());
        }
        return frame.isPresent();
    }

    private void pass(Way way, byte[] frame) {
        int[] now = perMille;
        int fate = Frames.isV4(frame) || Frames.isV6(frame) ? random.nextInt(1000) : 999;
        carried++;
        way.overtaking--;
        if (fate < now[0]) {
            lost++;
        } else if (fate < now[0] + now[1]) {
            twice++;
            way.to.send(frame);
            way.to.send(frame);
        } else if (fate < now[0] + now[1] + now[2]) {
            overtaken++;
            way.late.add(frame);
            way.overtaking = 1 + random.nextInt(Way.MOST_OVERTAKING);
            way.heldSinceNanos = System.nanoTime();
        } else {
            way.to.send(frame);
        }
    }
}
