package io.manx.policy;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The map {@code endpoint_rows} of endpoints.h, where most packets find their interface's programs: an array, whose row is the
 * interface's index modulo its rows. Of several with one row the lowest index has it.
 */
final class EndpointRows {
    static final int PLACES = 2 * Point.values().length;
    private static final int[] NONE = new int[PLACES];

    private final StateMap map;
    private final Layout row;
    private final Field number;
    private final Field[] owners;
    private final Field[] programs;

    EndpointRows(StateMap map) {
        this.map = map;
        row = map.value();
        number = map.key().field("value");
        owners = fields("ifindex");
        programs = fields("program");
    }

    private Field[] fields(String member) {
        return IntStream.range(0, PLACES)
                .mapToObj(place -> row.field("cell[" + place + "]." + member))
                .toArray(Field[]::new);
    }

    /**
     * Gives these interfaces their rows, and empties all others. What a row says may be written as long as its interface has
     * it; for another interface it is nobody's first.
     *
     * @param endpoints programs by interface index and place; others have none, and all of theirs is allowed
     */
    void hold(Collection<Integer> interfaces, Map<Integer, int[]> endpoints) {
        Map<Integer, Integer> ownerOf = new HashMap<>();
        interfaces.forEach(index -> ownerOf.merge(index % map.capacity(), index, Math::min));
        Map<ByteBuffer, ByteBuffer> released = new HashMap<>();
        Map<ByteBuffer, ByteBuffer> prepared = new HashMap<>();
        Map<ByteBuffer, ByteBuffer> owned = new HashMap<>();
        map.forEach((key, held) -> {
            int owner = ownerOf.getOrDefault((int) number.get(key), 0);
            int[] wanted = endpoints.getOrDefault(owner, NONE);
            ByteBuffer value = value(owner, wanted);
            if (value.equals(held.clear())) {
                return;
            }
            if (owners[0].get(held) != owner) {
                released.put(key, value(0, programsOf(held)));
                prepared.put(key, value(0, wanted));
            }
            owned.put(key, value);
        });
        map.putAll(released);
        map.putAll(prepared);
        map.putAll(owned);
    }

    private ByteBuffer value(int owner, int[] wanted) {
        ByteBuffer value = row.allocate();
        for (int place = 0; place < PLACES; place++) {
            owners[place].set(value, owner);
            programs[place].set(value, wanted[place]);
        }
        return value;
    }

    private int[] programsOf(ByteBuffer value) {
        return IntStream.range(0, PLACES)
                .map(place -> (int) programs[place].get(value))
                .toArray();
    }
}
