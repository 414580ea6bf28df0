package io.manx.core;

import java.nio.file.Path;

/** A process that has made grace periods short, until a byte comes in: arguments setting, file. */
final class ShortPeriods {
    private ShortPeriods() {}

    public static void main(String[] words) throws Exception {
        GracePeriods.Short shortened = new GracePeriods(Path.of(words[0]), Path.of(words[1])).shorten();
        System.out.println("short");
        System.in.read();
        shortened.close();
    }
}
