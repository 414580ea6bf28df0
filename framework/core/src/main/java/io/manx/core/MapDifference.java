package io.manx.core;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.libbpf.MapSpec;
import java.util.ArrayList;
import java.util.List;

/** In what a map differs from what an object declares; asked at each load, and almost always equal: that must cost little. */
final class MapDifference {
    private final List<String> all = new ArrayList<>();
    private final boolean entriesAlone;

    private MapDifference(MapSpec is, MapSpec wanted) {
        compare("type", is.type(), wanted.type());
        compare("key bytes", is.keySize(), wanted.keySize());
        compare("value bytes", is.valueSize(), wanted.valueSize());
        compare("flags", is.flags(), wanted.flags());
        compareFields("key", is.keyLayout(), wanted.keyLayout());
        compareFields("value", is.valueLayout(), wanted.valueLayout());
        boolean sameButEntries = all.isEmpty();
        compare("entries", is.maxEntries(), wanted.maxEntries());
        entriesAlone = sameButEntries && !all.isEmpty();
    }

    static MapDifference of(MapSpec is, MapSpec wanted) {
        return new MapDifference(is, wanted);
    }

    static boolean none(MapSpec is, MapSpec wanted) {
        return of(is, wanted).isNone();
    }

    boolean isNone() {
        return all.isEmpty();
    }

    boolean isInEntriesAlone() {
        return entriesAlone;
    }

    /** The first member that is not what it was. */
    private void compareFields(String what, Layout isLayout, Layout wantedLayout) {
        List<Field> is = isLayout.fields();
        List<Field> wanted = wantedLayout.fields();
        if (is.equals(wanted)) {
            return;
        }
        is.stream()
                .filter(field -> !wanted.contains(field))
                .findFirst()
                .ifPresent(field -> all.add(what + " has no longer " + field.type() + " " + field.name()
                        + " at byte " + field.offset()));
        wanted.stream()
                .filter(field -> !is.contains(field))
                .findFirst()
                .ifPresent(field -> all.add(what + " now has " + field.type() + " " + field.name()
                        + " at byte " + field.offset()));
    }

    private void compare(String what, Object is, Object wanted) {
        if (!is.equals(wanted)) {
            all.add(what + " " + is + ", now " + wanted);
        }
    }

    /** {@code value bytes 8, now 16; value now has __u64 more at byte 8}. */
    @Override
    public String toString() {
        return String.join("; ", all);
    }
}
