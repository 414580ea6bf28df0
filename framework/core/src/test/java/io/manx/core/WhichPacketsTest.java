package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WhichPacketsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "Every", "some", "established", "first,translated"})
    void refusesAWordThatIsNone(String word) {
        assertThatThrownBy(() -> WhichPackets.parse(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("packets=" + word + " (expected every, translated or first)");
    }

    @ParameterizedTest
    @EnumSource(WhichPackets.class)
    void isReadAsItIsWritten(WhichPackets packets) {
        assertThat(WhichPackets.parse(packets.text())).isEqualTo(packets);
    }

    @Test
    void coversThoseOfNoMoreLanes() {
        assertThat(WhichPackets.FIRST.cover(WhichPackets.TRANSLATED)).isFalse();
        assertThat(WhichPackets.TRANSLATED.cover(WhichPackets.EVERY)).isFalse();
        assertThat(WhichPackets.FIRST.cover(WhichPackets.FIRST)).isTrue();
        assertThat(WhichPackets.TRANSLATED.cover(WhichPackets.FIRST)).isTrue();
        assertThat(WhichPackets.EVERY.cover(WhichPackets.TRANSLATED)).isTrue();
    }
}
