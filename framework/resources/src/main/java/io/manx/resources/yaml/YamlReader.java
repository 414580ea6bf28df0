package io.manx.resources.yaml;

import io.manx.api.resource.Resource;
import io.manx.api.resource.Resource.Source;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** Reads the documents of one file. Works on YAML's nodes, which know their lines, and never makes Java objects. */
public final class YamlReader {
    /** A file of 64,000 Services fits; an endless one doesn't. */
    private static final int LONGEST = 256 << 20;

    private final String text;
    private final Problems problems;
    private final List<Resource> resources = new ArrayList<>();

    private YamlReader(String file, String text) {
        this.text = text;
        this.problems = new Problems(file);
    }

    /** @param file as problems and sources shall name it */
    public static FileContent read(String file, String text) {
        YamlReader reader = new YamlReader(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
        reader.documents();
        return new FileContent(reader.resources, reader.problems.list());
    }

    private void documents() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LONGEST);
        try {
            for (Node root : new Yaml(options).composeAll(new StringReader(text))) {
                if (!new Value(root, "", problems).isNull()) {
                    document(root, true);
                }
            }
        } catch (MarkedYAMLException e) {
            problems.add(e.getProblemMark(), "this is not YAML: " + context(e) + e.getProblem());
        } catch (ReaderException e) {
            long line = text.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count() + 1;
            String character = "U+%04X".formatted(e.getCodePoint());
            problems.add((int) line, 0, "this is not YAML: the character " + character + " is not allowed");
        } catch (YAMLException e) {
            problems.add(1, 0, "this YAML can't be read: " + e.getMessage());
        }
    }

    private static String context(MarkedYAMLException e) {
        return e.getContext() == null ? "" : e.getContext() + ", ";
    }

    private void document(Node root, boolean mayBeList) {
        if (!(root instanceof MappingNode mapping)) {
            String found = new Value(root, "", problems).shown();
            problems.add(root, "found " + found + ", expected a resource (apiVersion, kind, metadata, spec)");
            return;
        }
        int before = problems.count();
        Fields fields = new Fields(mapping, "", problems);
        if (mayBeList && fields.text("kind").filter(Kinds::isList).isPresent()) {
            list(fields);
            return;
        }
        Source source = new Source(problems.file(), root.getStartMark().getLine() + 1);
        Kinds.of(fields).ifPresent(kind -> {
            Resource resource = kind.reader().apply(fields, source);
            fields.harmless("status");
            fields.finish();
            if (problems.count() == before) {
                resources.add(resource);
            }
        });
    }

    private void list(Fields list) {
        list.elements("items").forEach(item -> document(item.node(), false));
        list.harmless("apiVersion", "metadata");
        list.finish();
    }
}
