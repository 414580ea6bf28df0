package io.manx.shell;

import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Where one command runs.
 *
 * @param directory of the caller: file names are relative to it
 */
public record Console(PrintStream out, PrintStream err, Path directory, Services services) {}
