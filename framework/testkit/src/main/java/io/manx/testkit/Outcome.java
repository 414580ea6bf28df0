package io.manx.testkit;

/**
 * What became of a packet in a stage.
 *
 * @param lane the lane it went on in; for other verdicts, the lane it was counted in
 * @param packet as the stage left it
 * @param note as the stage left it
 * @param reason why it was dropped, by its name in C: {@code REASON_TRUNCATED_L3}; {@code REASON_NONE} when it was not
 * @param mark {@code skb->mark} as the stage left it; 0 for xdp
 * @param action what the program returned: TC_ACT_ or XDP_ number; of no meaning for {@link Verdict#NEXT}
 */
public record Outcome(
        Verdict verdict, Lane lane, byte[] packet, NoteView note, String reason, long mark, int action) {
    @Override
    public String toString() {
        return verdict + " in lane " + lane + (verdict == Verdict.DROP ? " for " + reason : "") + ", " + note;
    }
}
