package io.manx.resources.yaml;

import io.manx.resources.Problem;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** Collects what is wrong with one file. */
final class Problems {
    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    void add(Node where, String text) {
        add(where.getStartMark(), text);
    }

    void add(Mark where, String text) {
        found.add(new Problem(file, where.getLine() + 1, where.getColumn() + 1, text));
    }

    void add(int line, int column, String text) {
        found.add(new Problem(file, line, column, text));
    }

    int count() {
        return found.size();
    }

    List<Problem> list() {
        return List.copyOf(found);
    }
}
