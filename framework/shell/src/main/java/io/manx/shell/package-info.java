/** The commands of a running Manx as picocli sees them, for whoever runs them or shows their help. */
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manx.shell;
