package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import org.junit.jupiter.api.Test;

class BtfTest {
    private final Btf btf = Objects.spec("maps.bpf.o").btf();

    @Test
    void refusesBytesThatAreNoBtf() {
        assertThatThrownBy(() -> new Btf("junk.o", new byte[64]))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("junk.o: its type information (BTF) is malformed");
    }

    @Test
    void refusesAStructItDoesNotHave() {
        assertThat(btf.hasStruct("no_such")).isFalse();
        assertThatThrownBy(() -> btf.struct("no_such"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maps.bpf.o has no struct no_such");
    }

    @Test
    void laysOutAStructDownToItsIntegers() {
        Layout visit = btf.struct("visit");

        assertThat(visit.size()).isEqualTo(40);
        assertThat(visit.fields())
                .extracting(Field::name)
                .containsExactly(
                        "packets",
                        "last",
                        "last[0]",
                        "last[0].address",
                        "last[0].port",
                        "last[0].protocol",
                        "last[0].zero",
                        "last[1]",
                        "last[1].address",
                        "last[1].port",
                        "last[1].protocol",
                        "last[1].zero",
                        "number",
                        "byte",
                        "byte[0]",
                        "byte[1]",
                        "byte[2]",
                        "byte[3]",
                        "colour");
        assertThat(visit.field("last[1].port")).isEqualTo(new Field("last[1].port", "__be16", 20, 2));
        assertThat(visit.field("last[1]")).isEqualTo(new Field("last[1]", "struct end_point", 16, 8));
        assertThat(visit.field("byte[3]").offset()).isEqualTo(27);
        assertThat(visit.field("colour")).isEqualTo(new Field("colour", "enum colour", 32, 4));
    }

    @Test
    void laysOutTheContractsOwnStructs() {
        assertThat(btf.struct("note").field("source.word[3]").type()).isEqualTo("__be32");
        assertThat(btf.struct("note").field("source"))
                .extracting(Field::type, Field::size)
                .containsExactly("struct addr", 16);
        assertThat(btf.struct("ends").field("at[1][3].drops").offset()).isEqualTo((32 + 3) * 32 + 16);
    }

    @Test
    void readsEnumerators() {
        assertThat(btf.enumeration("colour"))
                .containsExactly(entry("COLOUR_RED", 0L), entry("COLOUR_GREEN", 7L));
        assertThat(btf.enumeration("reason")).containsEntry("REASON_OWN", 128L);
        assertThat(btf.enumeration("no_such")).isEmpty();
        assertThat(btf.constant("SLOT_EXIT")).hasValue(31);
        assertThat(btf.constant("NO_SUCH")).isEmpty();
    }
}
