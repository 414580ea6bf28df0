package io.manx.core;

import java.util.List;
import java.util.stream.Stream;

/** Where on an interface an entry program sits; in the order in which a packet that comes in and goes out meets them. */
enum Place {
    XDP(Hook.XDP, "xdp"),
    TC_INGRESS(Hook.TC, "ingress"),
    TC_EGRESS(Hook.TC, "egress");

    private final Hook hook;
    private final String word;

    Place(Hook hook, String word) {
        this.hook = hook;
        this.word = word;
    }

    static List<Place> of(Hook hook) {
        return Stream.of(values()).filter(place -> place.hook == hook).toList();
    }

    Hook hook() {
        return hook;
    }

    boolean egress() {
        return this == TC_EGRESS;
    }

    /** Begins the last part of a link's pin. */
    String word() {
        return word;
    }

    /** As {@link io.manx.core.view.PipelineView#hook} has it. */
    String text() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
