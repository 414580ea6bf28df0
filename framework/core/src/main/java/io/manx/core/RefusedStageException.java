package io.manx.core;

import java.util.Optional;

/** A stage that can't go in: the message names the bundle, the program and the reason. */
public final class RefusedStageException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient StageDescriptor stage;
    private final String verifierLog;

    RefusedStageException(StageDescriptor stage, String message, String verifierLog, Throwable cause) {
        super(message, cause);
        this.stage = stage;
        this.verifierLog = verifierLog;
    }

    RefusedStageException(StageDescriptor stage, String message) {
        this(stage, message, null, null);
    }

    public StageDescriptor stage() {
        return stage;
    }

    /** The whole log, where it was the verifier that refused. */
    public Optional<String> verifierLog() {
        return Optional.ofNullable(verifierLog);
    }
}
