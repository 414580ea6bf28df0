package io.manx.dist;

import io.manx.core.PinnedFilters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs of Manx that hang on interfaces by clsact, where no pin leads to them. */
final class ClsactFilters {
    private static final List<String> SIDES = List.of("ingress", "egress");
    private static final Pattern OURS =
            Pattern.compile("pref (\\d+) bpf chain 0 handle (0x[0-9a-f]+) manx_entry\\S* .*? id (\\d+) ");

    /** A line of statistics, as proc_net(5) has it; the headings have no colon. */
    private static final Pattern INTERFACE = Pattern.compile("^ *([^ |]+): ");

    private ClsactFilters() {}

    /**
     * Takes those in this network namespace away, but for those that other Manxes have pinned.
     *
     * @param pins of this Manx, a folder beside those of the others
     * @return how many there were
     */
    static int remove(Path pins) throws IOException {
        Set<Integer> others = PinnedFilters.ofOthers(pins);
        int removed = 0;
        for (String name : interfaces()) {
            int here = 0;
            for (String side : SIDES) {
                here += remove(name, side, others);
            }
            if (here > 0 && SIDES.stream().allMatch(side -> show(name, side).isEmpty())) {
                Programs.output("tc", "qdisc", "delete", "dev", name, "clsact");
            }
            removed += here;
        }
        return removed;
    }

    /** Also those that are down, which {@link java.net.NetworkInterface} leaves out. */
    private static List<String> interfaces() throws IOException {
        return Files.readAllLines(Path.of("/proc/net/dev")).stream()
                .map(INTERFACE::matcher)
                .filter(Matcher::find)
                .map(line -> line.group(1))
                .toList();
    }

    private static String show(String name, String side) {
        return Programs.output("tc", "filter", "show", "dev", name, side);
    }

    private static int remove(String name, String side, Set<Integer> others) {
        Matcher ours = OURS.matcher(show(name, side));
        int removed = 0;
        while (ours.find()) {
            if (others.contains(Integer.parseInt(ours.group(3)))) {
                continue;
            }
            Programs.output(
                    "tc", "filter", "delete", "dev", name, side, "pref", ours.group(1), "handle", ours.group(2), "bpf");
            removed++;
        }
        return removed;
    }
}
