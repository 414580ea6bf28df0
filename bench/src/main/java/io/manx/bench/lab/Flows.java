package io.manx.bench.lab;

/** Whose packets come one after the other. */
public record Flows(int number, Turn turn) {
    public static final Flows ONE = new Flows(1, Turn.ONE);

    /** As enum turn in vary.bpf.c. */
    public enum Turn {
        ONE,
        IN_TURN,
        AT_RANDOM
    }

    public Flows inTurn() {
        return turn == Turn.ONE ? this : new Flows(number, Turn.IN_TURN);
    }
}
