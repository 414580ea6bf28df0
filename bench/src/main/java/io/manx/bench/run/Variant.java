package io.manx.bench.run;

/** One of those that are held against each other: how one sample of it is taken. */
public record Variant(String name, Sample sample) {
    @FunctionalInterface
    public interface Sample {
        double take() throws Exception;
    }
}
