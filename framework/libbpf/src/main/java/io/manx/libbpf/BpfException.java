package io.manx.libbpf;

import java.util.Optional;

/** What the kernel or libbpf refused: which call, on what, why; for a refused program also the verifier's words. */
public class BpfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String call;
    private final String subject;
    private final String verifierLine;
    private final String verifierLog;

    /**
     * A call that failed with an error number, described by the system's text for it.
     *
     * @param call the C function: {@code bpf_link_create}
     * @param subject what it was called on: {@code map manx_flows4}
     * @param errno positive, as in errno.h
     */
    public BpfException(String call, String subject, int errno) {
        this(call, subject, errno, call + " failed: " + Errno.describe(errno));
    }

    /** As above, with the reason in words: the message is {@code SUBJECT: REASON}. */
    public BpfException(String call, String subject, int errno, String reason) {
        this(call, subject, errno, reason, null, null);
    }

    BpfException(String call, String subject, int errno, String reason, String verifierLine, String verifierLog) {
        super(subject + ": " + reason);
        this.errno = errno;
        this.call = call;
        this.subject = subject;
        this.verifierLine = verifierLine;
        this.verifierLog = verifierLog;
    }

    /** Positive, as in errno.h. */
    public int errno() {
        return errno;
    }

    /** The C function that failed. */
    public String call() {
        return call;
    }

    /** What it was called on: {@code nat.bpf.o: program manx_nat}. */
    public String subject() {
        return subject;
    }

    /** The line of the verifier's log that says why, with the place in the source where the log knows it. */
    public Optional<String> verifierLine() {
        return Optional.ofNullable(verifierLine);
    }

    /** The verifier's whole log. */
    public Optional<String> verifierLog() {
        return Optional.ofNullable(verifierLog);
    }
}
