package io.manx.nat;

import java.util.List;

/**
 * A row of the report {@code services}.
 *
 * @param name {@code namespace/name}
 * @param protocol {@code tcp} or {@code udp}
 * @param backends {@code 10.0.2.2:8080}, ready or not
 * @param ready how many of them are
 */
public record ServiceRow(String name, String address, int port, String protocol, List<String> backends, int ready) {}
