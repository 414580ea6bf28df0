package io.manx.core;

import java.util.Optional;

/** A stage that can't go in: the message names the bundle, the program and the reason. */
public final class RefusedStageException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient StageDescriptor stage;
    private final String verifierLog;
    private final boolean contradictsPipeline;

    RefusedStageException(StageDescriptor stage, String message, String verifierLog, Throwable cause) {
        this(stage, message, verifierLog, cause, false);
    }

    private RefusedStageException(
            StageDescriptor stage, String message, String verifierLog, Throwable cause, boolean contradictsPipeline) {
        super(message, cause);
        this.stage = stage;
        this.verifierLog = verifierLog;
        this.contradictsPipeline = contradictsPipeline;
    }

    /** @param why names the Pipeline resource that the stage can't be reconciled with */
    static RefusedStageException contradiction(StageDescriptor stage, String why) {
        return new RefusedStageException(
                stage, "bundle " + stage.bundle() + ": stage " + stage.name() + " refused: " + why, null, null, true);
    }

    RefusedStageException(StageDescriptor stage, String message) {
        this(stage, message, null, null);
    }

    public StageDescriptor stage() {
        return stage;
    }

    /** With other resources the stage may go in. */
    boolean contradictsPipeline() {
        return contradictsPipeline;
    }

    /** The whole log, where it was the verifier that refused. */
    public Optional<String> verifierLog() {
        return Optional.ofNullable(verifierLog);
    }
}
