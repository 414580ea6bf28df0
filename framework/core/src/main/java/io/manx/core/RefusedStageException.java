package io.manx.core;

import java.util.Optional;

/** A stage that can't go in: the message names the bundle, the program and the reason. */
public final class RefusedStageException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient StageDescriptor stage;
    private final String verifierLog;
    private final boolean contradictsPipeline;

    private RefusedStageException(
            StageDescriptor stage, String message, String verifierLog, Throwable cause, boolean contradictsPipeline) {
        super("bundle " + stage.bundle() + ": stage " + stage.name() + message, cause);
        this.stage = stage;
        this.verifierLog = verifierLog;
        this.contradictsPipeline = contradictsPipeline;
    }

    /** @param why names the Pipeline resource that the stage can't be reconciled with */
    static RefusedStageException contradiction(StageDescriptor stage, String why) {
        return new RefusedStageException(stage, " refused: " + why, null, null, true);
    }

    static RefusedStageException because(StageDescriptor stage, String why) {
        return because(stage, why, null);
    }

    static RefusedStageException because(StageDescriptor stage, String why, Throwable cause) {
        return new RefusedStageException(stage, " refused: " + why, null, cause, false);
    }

    /** Its object or its program is not as it must be. */
    static RefusedStageException ofProgram(StageDescriptor stage, String why, Throwable cause) {
        return ofProgram(stage, why, null, cause);
    }

    /** @param verifierLog null where it was not the verifier that refused */
    static RefusedStageException ofProgram(StageDescriptor stage, String why, String verifierLog, Throwable cause) {
        return new RefusedStageException(
                stage, " (program " + stage.program() + ") refused: " + why, verifierLog, cause, false);
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
