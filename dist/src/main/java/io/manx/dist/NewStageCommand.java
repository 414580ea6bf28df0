package io.manx.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code new-stage}: the folder of a stage of one's own, to begin with. */
@Command(
        name = "new-stage",
        description = {
            "Writes a folder that holds a stage: it builds, passes its tests and drops in as it stands.",
            "Needs make, clang and a JDK on this machine, and no Maven."
        },
        mixinStandardHelpOptions = true)
final class NewStageCommand implements Callable<Integer> {
    private static final String NAMES = "[a-z][a-z0-9]*(-[a-z0-9]+)*";
    private static final int LONGEST_NAME = 40;
    private static final Set<String> TAKEN =
            Set.of("fastpath", "parse", "conntrack", "service", "policy", "nat", "routes", "forward", "entry", "exit");

    @Parameters(paramLabel = "NAME", description = "The stage's name: lower case, digits, dashes.")
    private String name;

    @Option(names = "--xdp", description = "For the xdp hook (default: tc).")
    private boolean xdp;

    @Option(names = "--java", description = "With a control in Java, which fills its maps.")
    private boolean java;

    @Option(names = "--dir", paramLabel = "DIR", description = "The folder to write (default: NAME here).")
    private Path folder;

    @Override
    public Integer call() throws Refusal, IOException {
        checkName();
        Path to = folder == null ? Path.of(name) : folder;
        checkFree(to);
        StageTemplate template = new StageTemplate(name, xdp, java);
        List<String> parts = new ArrayList<>(List.of("common", xdp ? "xdp" : "tc"));
        if (java) {
            parts.add("java");
        }
        for (String part : parts) {
            template.write(Places.home().resolve("templates").resolve(part), to);
        }
        System.out.println("stage " + name + " is in " + to + "; from there: sudo make test, make, manx dev .");
        return 0;
    }

    private void checkName() throws Refusal {
        String doing = "writing stage " + name + ": ";
        if (!name.matches(NAMES) || name.length() > LONGEST_NAME) {
            throw new Refusal(doing + "a stage's name begins with a letter and holds small letters, digits and single dashes, "
                    + LONGEST_NAME + " at most: hit-count");
        }
        if (TAKEN.contains(name)) {
            throw new Refusal(doing + "Manx has a stage of this name: choose another");
        }
        if (java && !javax.lang.model.SourceVersion.isName(StageTemplate.bundle(name))) {
            throw new Refusal(doing + "Java keeps this word for itself: choose another, or leave out --java");
        }
    }

    private void checkFree(Path to) throws Refusal, IOException {
        if (!Files.exists(to)) {
            return;
        }
        if (!Files.isDirectory(to)) {
            throw new Refusal("writing stage " + name + ": " + to + " is a file: name a folder with --dir");
        }
        try (Stream<Path> inside = Files.list(to)) {
            if (inside.findAny().isPresent()) {
                throw new Refusal("writing stage " + name + ": the folder " + to
                        + " is not empty, and nothing in it is overwritten: name another with --dir");
            }
        }
    }
}
