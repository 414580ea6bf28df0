package io.manx.itest.e2e;

import io.manx.itest.Bundles;
import io.manx.itest.Home;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Bundles with the stage guard, which sees every packet right after parse, in versions that are good and bad. */
final class Guard {
    static final String BUNDLE = "manx.test.guard";
    private static final String CONTROL = "io.manx.itest.e2e.ChoosyControl";
    private static final String COMPONENT = "OSGI-INF/guard.xml";

    private Guard() {}

    /** Lets every packet on. */
    static Path good(String version, Path jar) throws IOException {
        return bundle(version, "guard", "", jar);
    }

    /** Drops every tenth UDP packet. */
    static Path dropping(String version, Path jar) throws IOException {
        return bundle(version, "guard_tenth", "", jar);
    }

    /** Lets every packet on, but refuses resources. */
    static Path choosy(String version, Path jar) throws IOException {
        bundle(version, "guard", ";control=true", jar);
        Path withControl = Bundles.rewrite(jar, jar, main -> {
            main.putValue("Import-Package", "io.manx.api.stage,io.manx.api.resource");
            main.putValue("Service-Component", COMPONENT);
        }, (name, bytes) -> bytes);
        try (FileSystem inside = FileSystems.newFileSystem(URI.create("jar:" + withControl.toUri()), Map.of())) {
            add(inside.getPath(COMPONENT), """
                    <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="guard">
                        <implementation class="%s"/>
                        <service><provide interface="io.manx.api.stage.StageControl"/></service>
                        <property name="manx.stage" value="guard"/>
                    </scr:component>
                    """.formatted(CONTROL).getBytes(StandardCharsets.UTF_8));
            String name = CONTROL.replace('.', '/') + ".class";
            try (InputStream code = Guard.class.getResourceAsStream("/" + name)) {
                add(inside.getPath(name), code.readAllBytes());
            }
        }
        return withControl;
    }

    private static void add(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(content);
        }
    }

    private static Path bundle(String version, String object, String more, Path jar) throws IOException {
        byte[] elf = Files.readAllBytes(Path.of("target/test-classes/META-INF/bpf", object + ".bpf.o"));
        return Bundles.rewrite(Home.noTelnet(), jar, main -> {
            main.putValue("Bundle-SymbolicName", BUNDLE);
            main.putValue("Bundle-Version", version);
            main.putValue("Provide-Capability", "manx.stage;manx.stage=guard;version:Version=\"" + version + "\""
                    + ";object=\"META-INF/bpf/no_telnet.bpf.o\";hook=tc;packets=every;after=parse;before=conntrack" + more);
        }, (entry, bytes) -> entry.endsWith(".bpf.o") ? elf : bytes);
    }
}
