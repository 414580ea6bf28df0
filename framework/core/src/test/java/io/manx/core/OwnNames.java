package io.manx.core;

/** Names of interfaces that no other process has: several builds may run side by side. */
final class OwnNames {
    private OwnNames() {}

    /**
     * {@code manx-}, the test's letters and this process's number, which has up to 7 digits. An interface's name has up to
     * 15 characters: three are left for the letters and what the test appends, which is no digit: bin/test tells
     * by the number whose they are.
     */
    static String of(String letters) {
        return "manx-" + letters + ProcessHandle.current().pid();
    }
}
