package io.manx.bench.page;

import io.manx.bench.result.Results;
import java.io.IOException;
import java.nio.file.Path;

public final class Page {
    public Page(Results results) {}

    public void write(Path html, Path charts) throws IOException {}
}
