package io.manx.core;

/** Hears, once, how an update's probation ended by itself; on the thread of {@link Probations}. */
public interface ProbationEnd {
    /**
     * The version before is to be put back, by {@link Probations#goBack}.
     *
     * @param why what is against the new version
     */
    void failed(String why);

    /** The new version is to stay, by {@link Probations#stay}. */
    void stood();

    /** Neither runs any more: something else has taken the place of its stages. */
    void replaced();
}
