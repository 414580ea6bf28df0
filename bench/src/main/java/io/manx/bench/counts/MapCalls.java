package io.manx.bench.counts;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sites at which an object's programs call helpers, read from its ELF file before anything rewrites it. A site names the
 * map that was loaded last before it.
 *
 * <pre>
 *   18 r1 ..        lddw r1, MAP    with a relocation to the map's symbol
 *   85 .. imm32     call HELPER     imm32 is the helper's number in bpf.h
 * </pre>
 */
final class MapCalls {
    private static final int SECTION_BYTES = 64;
    private static final int INSTRUCTION_BYTES = 8;
    private static final int PROGBITS = 1;
    private static final int REL = 9;
    private static final int EXECUTABLE = 4;
    private static final int CALL = 0x85;

    /** Of bpf.h, those that go to a map or cost as much. */
    private static final Map<Integer, String> HELPERS = Map.ofEntries(
            Map.entry(1, "lookup"), Map.entry(2, "update"), Map.entry(3, "delete"), Map.entry(5, "clock"),
            Map.entry(125, "clock"), Map.entry(160, "coarse clock"), Map.entry(9, "store bytes"), Map.entry(26, "load bytes"),
            Map.entry(10, "l3 checksum"), Map.entry(11, "l4 checksum"), Map.entry(39, "pull data"), Map.entry(69, "fib lookup"),
            Map.entry(152, "redirect"), Map.entry(155, "redirect"), Map.entry(23, "redirect"), Map.entry(7, "random number"));

    private final ByteBuffer elf;
    private final List<Section> sections = new ArrayList<>();

    private record Section(String name, int type, long flags, int offset, int bytes, int link, int info) {}

    private MapCalls(byte[] elf) {
        this.elf = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        readSections();
    }

    /** How many sites there are of each kind: {@code lookup manx_flows4}, {@code coarse clock}. */
    static Map<String, Integer> of(byte[] elf) {
        return new MapCalls(elf).count();
    }

    private void readSections() {
        int table = (int) elf.getLong(40);
        int number = elf.getShort(60) & 0xffff;
        int names = elf.getShort(62) & 0xffff;
        int namesAt = (int) elf.getLong(table + names * SECTION_BYTES + 24);
        for (int i = 0; i < number; i++) {
            int at = table + i * SECTION_BYTES;
            sections.add(new Section(text(namesAt + elf.getInt(at)), elf.getInt(at + 4), elf.getLong(at + 8),
                    (int) elf.getLong(at + 24), (int) elf.getLong(at + 32), elf.getInt(at + 40), elf.getInt(at + 44)));
        }
    }

    private String text(int at) {
        int end = at;
        while (elf.get(end) != 0) {
            end++;
        }
        return new String(elf.array(), at, end - at, StandardCharsets.US_ASCII);
    }

    private Map<String, Integer> count() {
        Map<String, Integer> sites = new TreeMap<>();
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            /* SEC("syscall") is the control plane's: no packet goes there. */
            if (section.type() == PROGBITS && (section.flags() & EXECUTABLE) != 0 && !section.name().equals("syscall")) {
                count(section, symbols(i), sites);
            }
        }
        return sites;
    }

    private void count(Section section, Map<Integer, String> symbols, Map<String, Integer> sites) {
        String map = "";
        for (int at = 0; at < section.bytes(); at += INSTRUCTION_BYTES) {
            map = symbols.getOrDefault(at, map);
            int code = elf.get(section.offset() + at) & 0xff;
            int source = elf.get(section.offset() + at + 1) >> 4 & 0xf;
            String helper = HELPERS.get(elf.getInt(section.offset() + at + 4));
            if (code == CALL && source == 0 && helper != null) {
                boolean ofMap = helper.equals("lookup") || helper.equals("update") || helper.equals("delete");
                sites.merge(ofMap ? helper + " " + map : helper, 1, Integer::sum);
            }
        }
    }

    /** By the offset in the section, the names of the maps that its instructions refer to. */
    private Map<Integer, String> symbols(int section) {
        Map<Integer, String> symbols = new TreeMap<>();
        for (Section relocations : sections) {
            if (relocations.type() == REL && relocations.info() == section) {
                Section table = sections.get(relocations.link());
                int names = sections.get(table.link()).offset();
                for (int at = relocations.offset(); at < relocations.offset() + relocations.bytes(); at += 16) {
                    int symbol = table.offset() + 24 * (int) (elf.getLong(at + 8) >>> 32);
                    String home = sectionName(elf.getShort(symbol + 6) & 0xffff);
                    if (home.equals(".maps")) {
                        symbols.put((int) elf.getLong(at), text(names + elf.getInt(symbol)));
                    }
                }
            }
        }
        return symbols;
    }

    private String sectionName(int index) {
        return index < sections.size() ? sections.get(index).name() : "";
    }
}
