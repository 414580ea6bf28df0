package io.manx.core;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Which packets a stage is there for, as {@code packets} of its capability says: those of these lanes. */
public enum WhichPackets {
    EVERY("every packet", Lane.FIRST, Lane.ESTABLISHED, Lane.TRANSLATED),
    /** For one that undecided flows pass, and of known flows the packets that nat rewrites. */
    TRANSLATED("the first packets of a flow and the packets of translated flows", Lane.FIRST, Lane.TRANSLATED),
    FIRST("the first packets of a flow", Lane.FIRST);

    private final String whose;
    private final Set<Lane> lanes;

    WhichPackets(String whose, Lane first, Lane... others) {
        this.whose = whose;
        this.lanes = EnumSet.of(first, others);
    }

    /** @param text {@code every}, {@code translated} or {@code first}. @throws IllegalArgumentException it is none of these */
    public static WhichPackets parse(String text) {
        return Stream.of(values())
                .filter(packets -> packets.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("packets=" + text + " (expected every, translated or first)"));
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As a sentence says it: {@code the first packets of a flow}. */
    String whose() {
        return whose;
    }

    boolean areIn(Lane lane) {
        return lanes.contains(lane);
    }

    /** Whether these are all that the others are. */
    boolean cover(WhichPackets others) {
        return lanes.containsAll(others.lanes);
    }
}
