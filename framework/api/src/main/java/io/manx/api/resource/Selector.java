package io.manx.api.resource;

import java.util.Map;

/** A Calico selector expression: {@code role == 'db' && has(zone)}. */
public interface Selector {
    boolean matches(Map<String, String> labels);

    /** The expression as the user wrote it. */
    String text();
}
