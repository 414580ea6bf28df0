package io.manx.core;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The attribute {@code stands-for} of a {@code manx.stage} capability. */
public final class StandsFor {
    private static final Pattern SHA_256 = Pattern.compile("\\p{XDigit}{64}");

    private StandsFor() {}

    /**
     * @param parts {@code NAME=HEX} each: a stage, and the SHA-256 of its object
     * @return in the same order
     * @throws IllegalArgumentException a part is not of that form, or names a stage again
     */
    public static Map<String, String> parse(Collection<String> parts) {
        Map<String, String> stages = new LinkedHashMap<>();
        for (String part : parts) {
            List<String> words = List.of(part.split("=", -1));
            String name = words.get(0).strip();
            if (words.size() != 2 || name.isEmpty()) {
                throw new IllegalArgumentException("stands-for: " + part + " (expected STAGE=SHA256 with the digest in hex)");
            }
            String digest = words.get(1).strip();
            if (!SHA_256.matcher(digest).matches()) {
                throw new IllegalArgumentException("stands-for: " + part
                        + ": the digest is no SHA-256 (expected 64 hex digits, as sha256sum prints of the object of " + name + ")");
            }
            if (stages.put(name, digest) != null) {
                throw new IllegalArgumentException("stands-for names " + name + " twice");
            }
        }
        return stages;
    }
}
