package io.manx.libbpf;

/** The machine's libbpf. */
public final class Library {
    private Library() {}

    /** Returns when libbpf can be used. @throws BpfException it is missing or cannot be loaded; says what to install */
    public static void require() {
        if (Libbpf.LOAD_ERROR != null) {
            throw new BpfException(
                    "dlopen",
                    Libbpf.NAME,
                    Errno.ELIBACC,
                    "cannot be loaded, and BPF objects are loaded by it: apt-get install libbpf1 (" + Libbpf.LOAD_ERROR
                            + ")");
        }
    }

    /** Such as {@code v1.1}. @throws BpfException as {@link #require} */
    public static String version() {
        require();
        return Libbpf.libbpf_version_string();
    }
}
