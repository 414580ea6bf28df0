package io.manx.nat;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One port of a service at one of its addresses.
 *
 * @param service {@code namespace/name}
 * @param backends every backend that is listed, and whether it is ready; in the order they are listed
 */
record ServedPort(String service, Frontend frontend, Map<Backend, Boolean> backends) {
    List<Backend> ready() {
        return backends.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
    }

    Set<Backend> listed() {
        return backends.keySet();
    }
}
