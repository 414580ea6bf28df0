package io.manx.resources.yaml;

import io.manx.api.resource.Resource;
import io.manx.resources.Problem;
import java.util.List;

/** What one file holds: its resources, and what is wrong with the others. */
public record FileContent(List<Resource> resources, List<Problem> problems) {
    public FileContent {
        resources = List.copyOf(resources);
        problems = List.copyOf(problems);
    }
}
