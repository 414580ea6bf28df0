package io.manx.bench.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What was measured of one variant in one case: a sample a round. Variants of a case are measured in the same rounds, so
 * samples at one index belong together.
 *
 * @param suite {@code programs}, {@code paths}, {@code growth} or {@code changes}
 * @param what the case: {@code v4 udp, one flow}
 * @param variant {@code manx}, {@code monolith}, {@code nftables}
 * @param unit of the samples: {@code ns}
 * @param better which way is better
 * @param floor the variant of the same case whose sample of the same round is no part of this one's own cost; empty: none
 */
public record Series(
        String suite, String what, String variant, String unit, Better better, String floor, List<Double> samples) {

    public enum Better {
        LESS,
        MORE
    }

    public Series {
        samples = List.copyOf(samples);
    }

    @JsonIgnore
    public String key() {
        return suite + " / " + what + " / " + variant;
    }

    public boolean is(String suite, String what, String variant) {
        return this.suite.equals(suite) && this.what.equals(what) && this.variant.equals(variant);
    }
}
