package io.manx.core;

import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private final Catalog catalog = new Catalog(new NoteFields(64));
    private final StageDescriptor parse = offer("parse");
    private final StageDescriptor conntrack = offer("conntrack after parse");

    @Test
    void holdsAStageThatOthersNeedWhenItsBundleGoes() {
        catalog.offer(conntrack);

        Catalog.Choice choice = catalog.choose(Hook.TC, List.of(parse, conntrack));

        assertThat(choice.held()).containsExactly(parse);
        assertThat(choice.order().chain()).containsExactly(parse, conntrack);
    }

    @Test
    void holdsTheOldVersionWhenTheNewOneIsRefused() {
        StageDescriptor next = offer("parse", "2.0.0", List.of(), List.of());
        catalog.offer(next);
        catalog.refuse(RefusedStageException.because(next, "the verifier said no"));

        Catalog.Choice choice = catalog.choose(Hook.TC, List.of(parse));

        assertThat(choice.order().chain()).containsExactly(parse);
    }

    @Test
    void refusesTheNewStageThatMakesACycle() {
        StageDescriptor loop = offer("loop after conntrack before parse");
        List.of(parse, conntrack, loop).forEach(catalog::offer);

        Catalog.Choice choice = catalog.choose(Hook.TC, List.of(parse, conntrack));

        assertThat(choice.order().chain()).containsExactly(parse, conntrack);
        assertThat(catalog.refused()).containsOnlyKeys(loop);
    }

    @Test
    void saysOfAMissingStageWhetherItWasRefused() {
        List.of(parse, conntrack).forEach(catalog::offer);
        catalog.refuse(RefusedStageException.because(parse, "the verifier said no"));

        Catalog.Choice choice = catalog.choose(Hook.TC, List.of());

        assertThat(choice.waiting()).containsEntry(conntrack, "conntrack must follow parse, which was refused");
    }

    @Test
    void namesWhoNeedsAStageBeforeItIsRemoved() {
        List.of(parse, conntrack).forEach(catalog::offer);

        assertThat(catalog.whyNeeded(List.of(parse, conntrack), Set.of(parse)))
                .contains("conntrack (bundle bundle.conntrack) must follow parse");
        assertThat(catalog.whyNeeded(List.of(parse, conntrack), Set.of(conntrack))).isEmpty();
    }

    @Test
    void letsGoOfAStageThatNobodyNeeds() {
        catalog.offer(parse);

        assertThat(catalog.choose(Hook.TC, List.of(parse, conntrack)).order().chain()).containsExactly(parse);
    }
}
