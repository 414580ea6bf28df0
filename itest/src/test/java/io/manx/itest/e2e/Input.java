package io.manx.itest.e2e;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Standard input of a program that runs until it ends. */
final class Input {
    private Input() {}

    /** Becomes true. */
    static AtomicBoolean ended() {
        AtomicBoolean ended = new AtomicBoolean();
        Thread reader = new Thread(() -> {
            try {
                System.in.readAllBytes();
            } catch (IOException e) {
                System.err.println("reading standard input: " + e.getMessage());
            }
            ended.set(true);
        });
        reader.setDaemon(true);
        reader.start();
        return ended;
    }
}
