package io.manx.core.view;

/**
 * An OSGi service with no methods: registered once the pipelines stand on every interface that exists, and never before.
 * The launcher prints {@code ready} when it sees it.
 */
public interface Ready {}
