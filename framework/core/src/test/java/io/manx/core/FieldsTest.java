package io.manx.core;

import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Field;
import io.manx.core.Catalog.Choice;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which stages make up a pipeline when they publish and require fields of the note. */
class FieldsTest {
    private static final NoteField TENANT = integer("tenant", "__u32", 4);
    private static final NoteField WIDE_TENANT = integer("tenant", "__u64", 8);
    private static final NoteField COLOUR = integer("colour", "__u8", 1);

    private final Map<StageDescriptor, StageFields> declared = new HashMap<>();
    private final NoteFields fields =
            new NoteFields(64, stage -> declared.getOrDefault(stage, StageFields.NONE));
    private final Catalog catalog = new Catalog(fields);
    private final StageDescriptor classify = publishes(offer("classify"), TENANT);
    private final StageDescriptor billing = requires(offer("billing"), TENANT);

    @Test
    void keepsAStageWaitingForAFieldThatNobodyPublishes() {
        assertThat(choose(List.of(), billing).order().chain()).isEmpty();
        assertThat(choose(List.of(), billing).waiting()).containsEntry(billing,
                "billing (bundle bundle.billing) requires the note's field tenant (__u32, 4 bytes), which no stage publishes");
    }

    @Test
    void keepsAStageWaitingForAFieldOfAnotherType() {
        StageDescriptor wide = publishes(offer("classify"), WIDE_TENANT);

        assertThat(choose(List.of(), wide, billing).waiting().get(billing)).isEqualTo(
                "billing (bundle bundle.billing) requires the note's field tenant (__u32, 4 bytes), which classify"
                        + " (bundle bundle.classify) publishes as __u64, 8 bytes");
    }

    @Test
    void keepsAStageWaitingForAStructWithOtherMembers() {
        StageDescriptor writer = publishes(offer("classify"), struct("id", "weight"));
        StageDescriptor reader = requires(offer("billing"), struct("weight", "id"));

        assertThat(choose(List.of(), writer, reader).waiting().get(reader)).endsWith("publishes as one with other members");
    }

    @Test
    void keepsAStageForEveryPacketWaitingForAFieldOfFirstPacketsOnly() {
        StageDescriptor first = publishes(first("classify"), TENANT);

        assertThat(choose(List.of(), first, billing).waiting().get(billing))
                .contains("sees every packet; classify (bundle bundle.classify) publishes it for the first packets of a flow only");
        StageDescriptor firstToo = requires(first("audit"), TENANT);
        assertThat(choose(List.of(), first, firstToo).order().chain()).containsExactly(first, firstToo);
    }

    @Test
    void servesNoStageThatIsInALaneWhichTheWriterIsNotIn() {
        StageDescriptor writer = publishes(of("classify", WhichPackets.TRANSLATED), TENANT);

        assertThat(choose(List.of(), writer, billing).waiting().get(billing))
                .endsWith("and sees every packet; classify (bundle bundle.classify) publishes it for the first packets of a flow"
                        + " and the packets of translated flows only (packets=translated), so on the others it would read what"
                        + " another packet has left");
        StageDescriptor audit = requires(of("audit", WhichPackets.TRANSLATED), TENANT);
        StageDescriptor guard = requires(first("guard"), TENANT);
        assertThat(choose(List.of(), writer, audit, guard).order().chain()).containsExactly(writer, audit, guard);
    }

    @Test
    void keepsAStageForTranslatedPacketsWaitingForAFieldOfFirstPacketsOnly() {
        StageDescriptor first = publishes(first("classify"), TENANT);
        StageDescriptor audit = requires(of("audit", WhichPackets.TRANSLATED), TENANT);

        assertThat(choose(List.of(), first, audit).waiting().get(audit)).contains(
                "and sees the first packets of a flow and the packets of translated flows; classify (bundle bundle.classify)"
                        + " publishes it for the first packets of a flow only (packets=first)");
    }

    @Test
    void saysOfAPublisherThatItWasRefusedOrWaits() {
        catalog.offer(classify);
        catalog.refuse(RefusedStageException.because(classify, "the verifier said no"));
        assertThat(choose(List.of(), billing).waiting().get(billing))
                .endsWith("which classify (bundle bundle.classify) publishes, and that one was refused");

        StageDescriptor later = publishes(offer("later after nobody"), COLOUR);
        StageDescriptor reader = requires(offer("reader"), COLOUR);
        assertThat(choose(List.of(), later, reader).waiting().get(reader)).endsWith("and that one waits itself");
    }

    @Test
    void takesOnePublisherOfAField() {
        StageDescriptor again = publishes(offer("again"), TENANT);

        Choice choice = choose(List.of(classify), again, classify);

        assertThat(choice.order().chain()).containsExactly(classify);
        assertThat(choice.waiting()).containsEntry(again, "again (bundle bundle.again) publishes the note's field tenant, as"
                + " classify (bundle bundle.classify) does already: one stage writes a field");
        assertThat(choose(List.of(), again, classify).order().chain()).as("of two that are new").containsExactly(again);
    }

    @Test
    void takesNoMoreFieldsThanTheNoteHasRoomFor() {
        StageDescriptor big = publishes(offer("big"), integer("blob", "struct blob", 60));
        StageDescriptor more = publishes(offer("more"), integer("rest", "struct rest", 8));

        Choice choice = choose(List.of(big), big, more, classify);

        assertThat(choice.order().chain()).containsExactly(big, classify);
        assertThat(choice.waiting().get(more)).startsWith("more (bundle bundle.more) publishes the note's field rest"
                + " (struct rest, 8 bytes), and of the 64 bytes for fields too few are free: 60 are blob of big (bundle bundle.big)");
    }

    @Test
    void refusesAReaderThatMustComeBeforeItsWriter() {
        StageDescriptor early = requires(offer("early before classify"), TENANT);

        assertThat(choose(List.of(classify), classify, early).order().chain()).containsExactly(classify);
        assertThat(catalog.refused().get(early)).hasMessageContaining("each of these must come before the next");
    }

    @Test
    void ordersAReaderBehindItsWriter() {
        Choice choice = choose(List.of(), billing, classify);

        assertThat(choice.order().chain()).containsExactly(classify, billing);
        assertThat(Positions.of(choice.order().chain(), catalog.rules(List.of()))).containsExactly(
                List.of("before billing (which requires its field tenant)"),
                List.of("after classify (it requires its field tenant)"));
    }

    @Test
    void holdsAWriterWhoseBundleGoesWhileItsFieldIsRead() {
        Choice choice = choose(List.of(classify, billing), billing);

        assertThat(choice.held()).containsExactly(classify);
        assertThat(choice.order().chain()).containsExactly(classify, billing);
    }

    @Test
    void letsAnotherTakeAWritersPlace() {
        StageDescriptor other = publishes(offer("other"), TENANT);

        assertThat(choose(List.of(classify, billing), billing, other).order().chain()).containsExactly(other, billing);
        assertThat(catalog.whyNeeded(List.of(classify, billing), Set.of(classify))).isEmpty();
    }

    @Test
    void holdsAWriterWhileTheOtherThatCouldTakeItsPlaceWaits() {
        StageDescriptor other = publishes(offer("other after nobody"), TENANT);

        Choice choice = choose(List.of(classify, billing), billing, other);

        assertThat(choice.order().chain()).containsExactly(classify, billing);
        assertThat(choice.waiting()).containsEntry(other, "other must follow nobody, which is not installed");
    }

    @Test
    void namesWhoReadsAFieldBeforeItsWriterIsRemoved() {
        List.of(classify, billing).forEach(catalog::offer);

        assertThat(catalog.whyNeeded(List.of(classify, billing), Set.of(classify))).contains(
                "billing (bundle bundle.billing) requires the note's field tenant, which classify publishes");
        assertThat(catalog.whyNeeded(List.of(classify, billing), Set.of(classify, billing))).isEmpty();
    }

    @Test
    void keepsTheOldWriterWhenTheNewOneHasTheFieldNoLonger() {
        StageDescriptor next = publishes(offer("classify", "2.0.0", List.of(), List.of()), WIDE_TENANT);

        Choice choice = choose(List.of(classify, billing), next, billing);

        assertThat(choice.order().chain()).containsExactly(classify, billing);
        assertThat(choice.waiting().get(next)).startsWith(
                "billing (bundle bundle.billing) would have to go: billing (bundle bundle.billing) requires the note's field");
        assertThat(choose(List.of(classify, billing), classify, next, billing).order().chain())
                .as("both versions on offer")
                .containsExactly(classify, billing);
    }

    @Test
    void changesAFieldsTypeWithBothItsEndsAtOnce() {
        StageDescriptor writer = publishes(offer("classify", "2.0.0", List.of(), List.of()), WIDE_TENANT);
        StageDescriptor reader = requires(offer("billing", "2.0.0", List.of(), List.of()), WIDE_TENANT);

        assertThat(choose(List.of(classify, billing), writer, reader).order().chain()).containsExactly(writer, reader);
    }

    @Test
    void keepsTheOldReaderWhenTheNewOneLacksAField() {
        StageDescriptor next = requires(offer("billing", "2.0.0", List.of(), List.of()), TENANT, COLOUR);

        Choice choice = choose(List.of(classify, billing), classify, next);

        assertThat(choice.order().chain()).containsExactly(classify, billing);
        assertThat(choice.held()).containsExactly(billing);
        assertThat(choice.waiting().get(next)).contains("requires the note's field colour");
    }

    @Test
    void keepsTheOldVersionWhenTheNewOneMustFollowAStageThatIsNotThere() {
        StageDescriptor next = offer("billing", "2.0.0", List.of("nobody"), List.of());

        assertThat(choose(List.of(classify, billing), classify, next).order().chain()).containsExactly(classify, billing);
    }

    @Test
    void movesNoFieldThatIsInUse() {
        choose(List.of(), classify);
        assertThat(place(classify, TENANT)).isZero();

        StageDescriptor big = publishes(offer("big"), integer("blob", "struct blob", 32));
        choose(List.of(classify), classify, big);

        assertThat(place(classify, TENANT)).isZero();
        assertThat(place(big, fields.of(big).publishes().get(0))).isEqualTo(8);
    }

    @Test
    void keepsAFieldsPlaceForThoseWhoRunUntilTheyAreGone() {
        choose(List.of(), classify);
        StageDescriptor big = publishes(offer("big"), integer("blob", "struct blob", 64));
        catalog.withdraw(classify);

        choose(List.of(classify), big);

        assertThat(place(big, fields.of(big).publishes().get(0))).isZero();
        assertThat(place(classify, TENANT)).as("should the change fail").isZero();
    }

    // ---- the stages

    private Choice choose(List<StageDescriptor> running, StageDescriptor... offers) {
        Stream.of(offers).forEach(catalog::offer);
        return catalog.choose(Hook.TC, running);
    }

    private long place(StageDescriptor stage, NoteField field) {
        return fields.settings(Hook.TC, fields.of(stage)).get(field.setting());
    }

    private StageDescriptor publishes(StageDescriptor stage, NoteField... published) {
        declared.put(stage, new StageFields(List.of(published), List.of()));
        return stage;
    }

    private StageDescriptor requires(StageDescriptor stage, NoteField... required) {
        declared.put(stage, new StageFields(List.of(), List.of(required)));
        return stage;
    }

    private static StageDescriptor first(String name) {
        return of(name, WhichPackets.FIRST);
    }

    private static StageDescriptor of(String name, WhichPackets packets) {
        return offer(name, "1.0.0", List.of(), List.of(), packets, () -> {
            throw new IOException("this offer has no object");
        });
    }

    private static NoteField integer(String name, String type, int size) {
        return new NoteField(name, type, size, List.of(new Field("value", type, 0, size)));
    }

    private static NoteField struct(String first, String second) {
        return new NoteField("tag", "struct tag", 8,
                List.of(new Field(first, "__u32", 0, 4), new Field(second, "__u32", 4, 4)));
    }
}
