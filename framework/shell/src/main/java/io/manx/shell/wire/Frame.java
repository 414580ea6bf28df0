package io.manx.shell.wire;

import java.nio.charset.StandardCharsets;

/**
 * One message on the socket.
 *
 * <pre>
 *  0      1               5                    5 + length bytes
 *  +------+---------------+--------------------+
 *  | kind | length (be32) | payload            |
 *  +------+---------------+--------------------+
 * </pre>
 *
 * <p>A client asks with DIRECTORY once, then with ARGUMENT... RUN, with LINE or with COMPLETE, as often as it likes. Each
 * of these three is answered by any number of OUT, ERROR and CANDIDATE frames, and then by one STATUS.
 */
public record Frame(Kind kind, byte[] payload) {
    /** No single frame is larger, in bytes; longer output takes several. */
    public static final int LIMIT = 1 << 20;

    /** A frame's first byte is its kind's letter. */
    public enum Kind {
        /** The client's working directory: file names in arguments are relative to it. */
        DIRECTORY('D'),
        /** One argument of the next RUN. */
        ARGUMENT('A'),
        /** Runs the command made of the arguments so far. No payload. */
        RUN('R'),
        /** A line typed into the shell. */
        LINE('L'),
        /** A line up to the cursor, whose last word is to be completed. */
        COMPLETE('C'),
        /** A piece of standard output. */
        OUT('O'),
        /** A piece of standard error. */
        ERROR('E'),
        /** One way to complete the word: the word, a tab, and what it is. */
        CANDIDATE('K'),
        /** The end of an answer: the exit status in decimal. */
        STATUS('S');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        byte letter() {
            return (byte) letter;
        }
    }

    public static Frame of(Kind kind, String text) {
        return new Frame(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }
}
