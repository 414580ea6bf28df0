package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FieldPlacesTest {
    private static final NoteField TENANT = field("tenant", 4);
    private static final NoteField COLOUR = field("colour", 1);
    private static final NoteField COOKIE = field("cookie", 8);

    @Test
    void leavesOutWhatHasNoRoom() {
        assertThat(place(List.of(COOKIE, TENANT), 8, Map.of())).containsOnly(Map.entry(COOKIE, 0));
        assertThat(place(List.of(COOKIE), 4, Map.of())).isEmpty();
    }

    @Test
    void givesEachFieldWordsOfItsOwn() {
        assertThat(place(List.of(COLOUR, TENANT, COOKIE), 16, Map.of()))
                .containsOnly(Map.entry(COOKIE, 0), Map.entry(TENANT, 8), Map.entry(COLOUR, 12));
        assertThat(FieldPlaces.words(8, 1)).isEqualTo(0b100);
        assertThat(FieldPlaces.words(0, 9)).isEqualTo(0b111);
        assertThat(FieldPlaces.words(0, 64)).isEqualTo(0xffff);
    }

    @Test
    void alignsAFieldOfEightBytes() {
        assertThat(FieldPlaces.of(64, List.of(TENANT, COOKIE), Map.of(TENANT, 0), Set.of(TENANT)))
                .containsOnly(Map.entry(TENANT, 0), Map.entry(COOKIE, 8));
    }

    @Test
    void leavesAFieldWhereItWas() {
        assertThat(place(List.of(TENANT, COLOUR), 64, Map.of(COLOUR, 20))).containsEntry(COLOUR, 20).containsEntry(TENANT, 0);
    }

    @Test
    void letsALiveFieldStayAndOthersGiveWay() {
        assertThat(FieldPlaces.of(64, List.of(COOKIE, TENANT), Map.of(COOKIE, 8, TENANT, 8), Set.of(TENANT)))
                .containsOnly(Map.entry(TENANT, 8), Map.entry(COOKIE, 0));
    }

    private static Map<NoteField, Integer> place(List<NoteField> wanted, int bytes, Map<NoteField, Integer> before) {
        return FieldPlaces.of(bytes, wanted, before, Set.of());
    }

    private static NoteField field(String name, int size) {
        return new NoteField(name, "__u" + 8 * size, size, List.of());
    }
}
