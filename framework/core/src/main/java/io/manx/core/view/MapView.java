package io.manx.core.view;

/**
 * A map of Manx in the kernel.
 *
 * @param name {@code manx_flows4}, or {@code BUNDLE/NAME} for a bundle's own
 * @param entries that it holds now; -1 where counting has no meaning (arrays, ring buffers)
 */
public record MapView(
        int id, String name, String type, int keyBytes, int valueBytes, int capacity, long entries, String pin) {}
