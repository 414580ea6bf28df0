package io.manx.itest.pax;

import io.manx.itest.Bundles;
import io.manx.itest.Home;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Bundles that tests make and install. */
final class OwnBundles {
    private static final String NAMES = "manx.test.";

    private OwnBundles() {}

    static boolean isOwn(String symbolicName) {
        return symbolicName != null && symbolicName.startsWith(NAMES);
    }

    /** With one stage, of its name. @param more attributes of the capability, each after a semicolon */
    static Path stage(String name, String after, String more, String object) throws IOException {
        return stage(name, after, more, object, new String[0]);
    }

    /** As the other. @param headers more of its manifest: name, value, name, value */
    static Path stage(String name, String after, String more, String object, String... headers) throws IOException {
        byte[] elf = Files.readAllBytes(Path.of("target/test-classes/META-INF/bpf", object + ".bpf.o"));
        return Bundles.rewrite(Home.noTelnet(), temp(name + ".jar"), main -> {
            main.putValue("Bundle-SymbolicName", NAMES + name);
            main.putValue("Provide-Capability", "manx.stage;manx.stage=" + name
                    + ";object=\"META-INF/bpf/no_telnet.bpf.o\";hook=tc;packets=every;after=" + after + more);
            put(headers, main);
        }, (entry, bytes) -> entry.endsWith(".bpf.o") ? elf : bytes);
    }

    /** With nothing in it but a manifest. */
    static Path empty(String name, String... headers) throws IOException {
        Path jar = temp(name + ".jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", NAMES + name);
        put(headers, manifest.getMainAttributes());
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
        return jar;
    }

    private static void put(String[] headers, Attributes main) {
        for (int i = 0; i < headers.length; i += 2) {
            main.putValue(headers[i], headers[i + 1]);
        }
    }

    static Path temp(String name) throws IOException {
        return Files.createTempDirectory("manx-pax").resolve(name);
    }

    static Bundle install(BundleContext context, Path jar) throws IOException, BundleException {
        return context.installBundle("test:" + jar, Files.newInputStream(jar));
    }

    static Bundle start(BundleContext context, Path jar) throws IOException, BundleException {
        Bundle bundle = install(context, jar);
        bundle.start();
        return bundle;
    }

    static void uninstallAll(BundleContext context) throws BundleException {
        for (Bundle bundle : context.getBundles()) {
            if (isOwn(bundle.getSymbolicName())) {
                bundle.uninstall();
            }
        }
    }
}
