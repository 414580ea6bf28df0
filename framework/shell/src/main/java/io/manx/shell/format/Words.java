package io.manx.shell.format;

import io.manx.api.layout.Addresses;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A value in a table's cell. */
final class Words {
    private Words() {}

    static String of(Object value) {
        if (value == null) {
            return "";
        } else if (value instanceof Optional<?> optional) {
            return of(optional.orElse(null));
        } else if (value instanceof InetAddress address) {
            return Addresses.text(address);
        } else if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        } else if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        } else if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%.1f", number);
        } else if (value instanceof Collection<?> many) {
            return many.stream().map(Words::of).collect(Collectors.joining(" "));
        } else if (value instanceof Map<?, ?> pairs) {
            return pairs.entrySet().stream()
                    .map(pair -> of(pair.getKey()) + "=" + of(pair.getValue()))
                    .collect(Collectors.joining(" "));
        }
        return value.toString();
    }
}
