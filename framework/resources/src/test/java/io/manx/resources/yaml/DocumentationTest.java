package io.manx.resources.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Resource;
import io.manx.resources.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What docs/resources.md shows is what happens. */
class DocumentationTest {
    private static final Path PAGE = Path.of("../../docs/resources.md");
    private static final Pattern REFUSED = Pattern.compile("```yaml refused\n(.*?)```.*?```text\n(.*?)```", Pattern.DOTALL);
    private static final Pattern GOOD = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    private static List<MatchResult> blocks(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(PAGE)).results().toList();
    }

    @Test
    void refusesTheMistakesItShows() throws IOException {
        assertThat(blocks(REFUSED)).isNotEmpty().allSatisfy(block -> {
            FileContent content = YamlReader.read("policy.yaml", block.group(1));
            assertThat(new Snapshot(List.of(content)).problems().stream()
                            .map(Problem::toString)
                            .collect(Collectors.joining("\n", "", "\n")))
                    .isEqualTo(block.group(2));
        });
    }

    @Test
    void readsAnExampleOfEachKind() throws IOException {
        List<FileContent> contents = blocks(GOOD).stream()
                .map(block -> YamlReader.read("example.yaml", block.group(1)))
                .toList();
        assertThat(new Snapshot(contents).problems()).isEmpty();
        assertThat(contents.stream()
                        .flatMap(content -> content.resources().stream())
                        .map(Resource::getClass)
                        .map(Class::getSimpleName)
                        .distinct())
                .containsExactlyElementsOf(Kinds.ALL.stream().map(Kinds.Kind::name).toList());
    }
}
