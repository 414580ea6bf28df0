package io.manx.api.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByNameTest {
    private static final Layout KEY = new Layout("key", 4, List.of(new Field("port", "__be16", 0, 2)));
    private static final Layout OLD = new Layout(
            "old",
            12,
            List.of(
                    new Field("leg", "struct leg[2]", 0, 8),
                    new Field("leg[0]", "struct leg", 0, 4),
                    new Field("leg[0].mtu", "__u32", 0, 4),
                    new Field("leg[1]", "struct leg", 4, 4),
                    new Field("leg[1].mtu", "__u32", 4, 4),
                    new Field("state", "__u8", 8, 1)));

    @Test
    void refusesToLoseAMember() {
        Layout without = new Layout("new", 4, List.of(new Field("state", "__u8", 0, 1)));
        assertThatThrownBy(() -> byName(without))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("by name: the new value of map flows has no leg[0].mtu to take what __u32 leg[0].mtu holds");
    }

    @Test
    void refusesAMemberOfAnotherType() {
        Layout other = new Layout(
                "new",
                16,
                List.of(
                        new Field("leg[0].mtu", "__u32", 0, 4),
                        new Field("leg[1].mtu", "__be32", 4, 4),
                        new Field("state", "__u8", 8, 1)));
        assertThatThrownBy(() -> byName(other))
                .hasMessage("by name: leg[1].mtu in the value of map flows was __u32 (4 bytes) and is now __be32 (4 bytes)");
    }

    @Test
    void refusesWhatNoMemberHolds() {
        ByteBuffer value = OLD.allocate().put(9, (byte) 1);
        MapMigration same = byName(OLD);
        assertThatThrownBy(() -> same.convert(KEY.allocate(), value, KEY.allocate(), OLD.allocate()))
                .hasMessageContaining("byte 9 in a value of map flows is not zero and belongs to no member");
    }

    @Test
    void takesMembersToTheirNewPlaces() {
        Layout grown = new Layout(
                "new",
                24,
                List.of(
                        new Field("state", "__u8", 0, 1),
                        new Field("leg[0].mtu", "__u32", 4, 4),
                        new Field("leg[0].hops", "__u32", 8, 4),
                        new Field("leg[1].mtu", "__u32", 12, 4)));
        ByteBuffer key = KEY.allocate();
        KEY.field("port").set(key, 8080);
        ByteBuffer value = OLD.allocate();
        OLD.field("leg[0].mtu").set(value, 1500);
        OLD.field("leg[1].mtu").set(value, 9000);
        OLD.field("state").set(value, 3);
        ByteBuffer newKey = KEY.allocate();
        ByteBuffer newValue = grown.allocate();

        assertThat(byName(grown).convert(key, value, newKey, newValue)).isTrue();

        assertThat(newKey).isEqualTo(key);
        assertThat(grown.field("leg[0].mtu").get(newValue)).isEqualTo(1500);
        assertThat(grown.field("leg[0].hops").get(newValue)).isZero();
        assertThat(grown.field("leg[1].mtu").get(newValue)).isEqualTo(9000);
        assertThat(grown.field("state").get(newValue)).isEqualTo(3);
    }

    private static MapMigration byName(Layout value) {
        return MapMigration.byName(new MapChange(
                "flows", new MapChange.Shape(KEY, OLD, 10), new MapChange.Shape(KEY, value, 10)));
    }
}
