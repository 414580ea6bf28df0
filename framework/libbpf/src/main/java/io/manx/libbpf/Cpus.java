package io.manx.libbpf;

/** The CPUs a per-CPU map has values for. */
public final class Cpus {
    private Cpus() {}

    /** How many there may ever be, also those that are not there now: each has its value in a per-CPU map. */
    public static int possible() {
        Library.require();
        return Errno.check(Libbpf.libbpf_num_possible_cpus(), "libbpf_num_possible_cpus", "/sys/devices/system/cpu");
    }
}
