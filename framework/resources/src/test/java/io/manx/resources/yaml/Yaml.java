package io.manx.resources.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Resource;
import io.manx.resources.Problem;
import java.util.Arrays;
import java.util.List;

/** Reads documents as a file named test.yaml. */
final class Yaml {
    private Yaml() {}

    /** The problems as a user sees them; at least one. */
    static List<String> problems(String... documents) {
        List<String> problems = content(documents).problems().stream().map(Problem::toString).toList();
        assertThat(problems).isNotEmpty();
        return problems;
    }

    /** The resources of documents that hold no problem. */
    static List<Resource> resources(String... documents) {
        FileContent content = content(documents);
        assertThat(content.problems()).isEmpty();
        return content.resources();
    }

    /** The only resource of a document that holds no problem. */
    static <T extends Resource> T only(Class<T> kind, String document) {
        List<Resource> resources = resources(document);
        assertThat(resources).hasSize(1);
        return kind.cast(resources.get(0));
    }

    /** The problems that show only once files are put together. */
    static List<String> conflicts(String... files) {
        List<FileContent> contents = Arrays.stream(files)
                .map(file -> YamlReader.read((char) ('a' + Arrays.asList(files).indexOf(file)) + ".yaml", file))
                .toList();
        return new Snapshot(contents).problems().stream().map(Problem::toString).toList();
    }

    private static FileContent content(String... documents) {
        return YamlReader.read("test.yaml", String.join("---\n", documents));
    }
}
