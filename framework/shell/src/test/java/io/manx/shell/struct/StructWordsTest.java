package io.manx.shell.struct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.shell.Given;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class StructWordsTest {
    private static final Layout INTEGER = new Layout("__u32", 4, List.of(new Field("value", "__u32", 0, 4)));

    private final StructText text = new StructText(Given.KEY);
    private final StructWords words = new StructWords(text);

    @Test
    void refusesAMemberThatIsNotThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> words.whole(List.of("address=10.0.0.1")))
                .withMessage("struct flow_key (24 bytes) has no member address; it has source, port");
    }

    @Test
    void refusesAValueThatDoesNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> words.whole(List.of("source=10.0.0.1", "port=70000")))
                .withMessage("port (__be16) cannot be 70000: expected a number, decimal or 0x... of 2 bytes");
    }

    @Test
    void refusesANameWhereAnAddressIsExpected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> words.whole(List.of("source=localhost")))
                .withMessage("source (struct addr) cannot be localhost: expected an IPv4 or IPv6 address of 16 bytes");
    }

    @Test
    void refusesAWordWithoutAMember() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> words.whole(List.of("443")))
                .withMessageStartingWith("443 names no member of struct flow_key (24 bytes): expected source=... port=...");
    }

    @Test
    void readsWhatItWrites() {
        ByteBuffer struct = words.whole(List.of("source=10.0.0.1", "port=0x1bb"));
        assertThat(text.words(struct)).isEqualTo("source=10.0.0.1 port=443");
    }

    @Test
    void takesTheWholeInHexadecimalDigits() {
        ByteBuffer struct = words.whole(List.of("0x" + "00".repeat(10) + "ffff0a00000101bb" + "00".repeat(6)));
        assertThat(text.words(struct)).isEqualTo("source=10.0.0.1 port=443");
    }

    @Test
    void takesAPlainIntegerByItsValue() {
        StructText plain = new StructText(INTEGER);
        assertThat(plain.words(new StructWords(plain).whole(List.of("7")))).isEqualTo("7");
        assertThat(plain.words(new StructWords(plain).whole(List.of("value=0x10")))).isEqualTo("16");
    }
}
